import { describe, expect, it } from 'vitest'
import { resetMail, suspendedMail, verifyMail } from './mails.ts'

const reader = { email: 'maria@example.com', displayName: 'Maria', siteUrl: 'https://classifyhub.example' }

describe('mails', () => {
  it('lead to a page with one button, in text and in HTML', async () => {
    const link = 'https://classifyhub.example/verify?token=na_abc'
    const mail = await verifyMail(reader, 'na_abc')
    expect(mail).toMatchObject({ to: 'maria@example.com', subject: 'Confirm your address' })
    expect(mail.text).toContain(link)
    expect(mail.html).toContain(`href="${link}"`)
    expect((await resetMail(reader, 'eu_x')).text).toContain('https://classifyhub.example/reset?token=eu_x')
  })

  it('let no name and no reason become markup', async () => {
    const mail = await suspendedMail({ ...reader, displayName: '<img src=x>"' }, '<script>alert(1)</script>')
    expect(mail.html).not.toContain('<img')
    expect(mail.html).not.toContain('<script')
    expect(mail.html).toContain('&lt;img src=x&gt;')
    expect(mail.text).toContain('<script>alert(1)</script>')
  })
})
