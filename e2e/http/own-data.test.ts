import { expect, inject, it } from 'vitest'
import { linkIn, waitForMail } from '../mail.ts'
import { createVisitor } from './browser-like.ts'
import { register } from './register.ts'

const { site, mail } = inject('stack')
const password = 'correct horse battery staple'

it('one takes one’s data along, deletes the account and has it back, all by forms', async () => {
  const { visitor, email } = await register({ site, mail }, password)
  const asked = await visitor.post('/me', { intent: 'export' })
  expect([asked.status, asked.headers.get('location')]).toEqual([303, '/me?done=export-asked'])
  const letter = await waitForMail(mail, email, /data|copy/i)
  const link = new URL(linkIn(letter.text, '/mail'))
  const stranger = await createVisitor(site).get(link.pathname + link.search)
  expect(stranger.text).toContain(`href="/sign-in?next=${encodeURIComponent(link.pathname + link.search)}"`)
  expect((await visitor.get('/me')).text).not.toContain('value="export"><button')
  const page = await visitor.get(link.pathname + link.search)
  const path = /href="(\/me\/exports\/[^"]+)"/.exec(page.text)?.[1] ?? ''
  const archive = await visitor.get(path)
  expect([archive.status, archive.headers.get('content-type')]).toEqual([200, 'application/zip'])
  expect(archive.text.slice(0, 2)).toBe('PK')
  expect((await createVisitor(site).get(path)).headers.get('location')).toMatch(/^\/sign-in/)

  expect((await visitor.get('/me')).text).toContain(`href="${path}"`)

  const gone = await visitor.post('/me', { intent: 'delete', password })
  expect(gone.headers.get('location')).toBe('/?done=account-deleted')
  expect((await waitForMail(mail, email, /deleted/)).text).toMatch(/sign in/i)
  expect((await visitor.get(link.pathname + link.search)).text).toContain('does not work any more')
  const back = await visitor.post('/sign-in', { email, password, next: '/' })
  expect(back.headers.get('location')).toBe('/me/posts?done=account-restored')
  expect((await visitor.get('/me/posts?done=account-restored')).text).toContain('Welcome back')
})
