import { describe, expect, inject, it } from 'vitest'
import { linkIn, waitForMail } from '../mail.ts'
import { createVisitor, hiddenField, type Visitor } from './browser-like.ts'

const { site, mail } = inject('stack')
const password = 'correct horse battery staple'
const newAddress = () => `mail-${crypto.randomUUID()}@example.com`

/** Registers by the forms from a country, and follows the mail. */
async function register(from: string): Promise<{ visitor: Visitor; email: string }> {
  const visitor = createVisitor(site)
  const email = newAddress()
  await visitor.get(`/?from=${from}`)
  await visitor.post('/register', { email, password, displayName: 'Noor', country: '' })
  const { text } = await waitForMail(mail, email, /confirm/i)
  const token = new URL(linkIn(text, '/verify')).searchParams.get('token') ?? ''
  expect((await visitor.post('/verify', { token })).status).toBe(303)
  return { visitor, email }
}

/** Opens the link of a mail as its reader does, and presses the one button there. */
async function press(text: string): Promise<string> {
  const reader = createVisitor(site)
  const link = new URL(linkIn(text, '/mail'))
  const page = await reader.get(link.pathname + link.search)
  const pressed = await reader.post('/mail', { token: hiddenField(page, 'token') })
  expect(pressed.status, pressed.text).toBe(303)
  return (await reader.get(pressed.headers.get('location') ?? '')).text
}

describe('mail, from the transaction through outbox, queue, worker and SES to the inbox', () => {
  it('welcomes, says no more of it by one click, and moves an account to another address', async () => {
    const { visitor, email } = await register('DE')
    const welcome = await waitForMail(mail, email, /welcome/i)
    const door = new URL(/<(.*)>/.exec(welcome.headers['List-Unsubscribe'] ?? '')?.[1] ?? '')
    expect(door.origin).toBe(new URL(site).origin)
    const unsubscribed = await fetch(door, {
      method: 'POST',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      redirect: 'error',
    })
    expect(unsubscribed.status).toBe(200)
    expect((await visitor.get('/me/mail')).text).not.toMatch(/<input type="checkbox"[^>]*checked/)

    const next = newAddress()
    const asked = await visitor.post('/me/mail', { intent: 'address', email: next, password })
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/me/mail?done=address-asked'])
    expect(await press((await waitForMail(mail, next, /confirm/i)).text)).toContain('This address is confirmed')
    expect((await visitor.get('/me/mail')).text).toContain(email)
    expect(await press((await waitForMail(mail, email, /change your address/i)).text)).toContain('You have agreed')
    await waitForMail(mail, email, /was changed/)
    await waitForMail(mail, next, /was changed/)
    expect((await visitor.get('/me/mail')).text).toContain(next)

    const again = createVisitor(site)
    await again.get('/?from=PT')
    expect((await again.post('/sign-in', { email: next, password })).status).toBe(303)
    expect((await waitForMail(mail, next, /new sign-in/i)).subject).toBe('New sign-in from Portugal')
    expect((await createVisitor(site).post('/sign-in', { email, password })).status).toBe(401)
  })
})
