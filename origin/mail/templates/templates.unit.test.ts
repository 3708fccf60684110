import { describe, expect, it } from 'vitest'
import * as account from './account.ts'
import { type Frame, renderLetter } from './layout.ts'
import { dayText, type Letter, momentText, type PostFacts, type Reader } from './letter.ts'
import * as posts from './posts.ts'

const siteUrl = 'https://classifyhub.example'
const reader: Reader = { greeting: 'Hello Maria,', locale: 'de-DE', timeZone: 'Europe/Berlin', siteUrl }
const plain: Frame = { siteUrl, settingsUrl: null, unsubscribeUrl: null }
const mutable: Frame = { siteUrl, settingsUrl: `${siteUrl}/me/mail`, unsubscribeUrl: `${siteUrl}/mail?token=eu_ends` }
const link = `${siteUrl}/mail?token=eu_abc`
const at = new Date('2026-10-24T22:30:00Z')
const post: PostFacts = {
  title: 'Dutch city bike, seven gears',
  price: '180 €',
  place: 'Leipzig, Sachsen',
  url: `${siteUrl}/p/eu_1/dutch-city-bike-seven-gears`,
  note: null,
}
const reason = 'The same thing is offered in five posts.\nPlease keep one of them.'

const letters: Record<string, [Letter, Frame]> = {
  verify: [account.verifyLetter(reader, `${siteUrl}/verify?token=eu_abc`), plain],
  'already-registered': [account.alreadyRegisteredLetter(reader), plain],
  'still-deleted': [account.stillDeletedLetter(reader, at), plain],
  welcome: [account.welcomeLetter(reader), mutable],
  reset: [account.resetLetter(reader, `${siteUrl}/reset?token=eu_abc`), plain],
  'password-changed': [account.passwordChangedLetter(reader, at), plain],
  'confirm-address-new': [account.confirmAddressLetter(reader, link), plain],
  'confirm-address-taken': [account.addressTakenLetter(reader), plain],
  'confirm-address-old': [account.approveAddressLetter(reader, 'maria.new@example.com', link), plain],
  'address-changed-old': [
    account.addressChangedLetter(reader, { at, newAddress: 'maria.new@example.com', toOld: true }),
    plain,
  ],
  'address-changed-new': [
    account.addressChangedLetter(reader, { at, newAddress: 'maria.new@example.com', toOld: false }),
    plain,
  ],
  'new-sign-in': [account.newSignInLetter(reader, { at, country: 'Portugal', device: 'Firefox on Windows' }), plain],
  'account-suspended': [account.suspendedLetter(reader, reason), plain],
  'account-reinstated': [account.reinstatedLetter(reader), plain],
  'account-deleted': [account.deletedLetter(reader, at), plain],
  'export-ready': [account.exportReadyLetter(reader, { url: link, until: at }), plain],
  'post-published': [posts.publishedLetter(reader, post, at), mutable],
  'post-expires-soon': [posts.expiresSoonLetter(reader, post, { until: at, renewUrl: link }), mutable],
  'post-expired': [
    posts.expiredLetter(reader, { ...post, note: 'Ended on 25 October 2026' }, { renewUrl: link, sellUrl: `${link}d` }),
    mutable,
  ],
  'post-expired-long-words': [
    posts.expiredLetter(
      { ...reader, greeting: `Hello ${'W'.repeat(50)},` },
      {
        ...post,
        title: 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen'.repeat(2),
        price: '123.456.789.012,00 €',
        place: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch',
        note: 'Ended on 25 October 2026',
      },
      { renewUrl: link, sellUrl: `${link}d` },
    ),
    mutable,
  ],
  'post-removed': [posts.removedLetter(reader, post, reason), plain],
  'message-removed': [
    posts.removedMessageLetter(reader, { title: post.title, reason, threadUrl: `${siteUrl}/messages/eu_2` }),
    plain,
  ],
  'message-removed-elsewhere': [
    posts.removedMessageLetter(reader, { title: post.title, reason: null, threadUrl: `${siteUrl}/messages/na_2` }),
    plain,
  ],
  'report-decided': [posts.reportDecidedLetter(reader, { subject: 'post', acted: true }), mutable],
  'new-message': [
    posts.newMessageLetter(reader, {
      from: 'Jonas',
      text: 'Hello, is it still to be had?\nI could come by on Saturday.',
      title: post.title,
      threadUrl: `${siteUrl}/messages/eu_2`,
    }),
    mutable,
  ],
  'new-message-right-to-left': [
    posts.newMessageLetter(reader, {
      from: 'محمد علي',
      text: 'السلام عليكم، هل ما زالت متاحة؟',
      title: 'دراجة هوائية (جديدة) 2026',
      threadUrl: `${siteUrl}/messages/eu_3`,
    }),
    mutable,
  ],
  'new-message-elsewhere': [
    posts.newMessageLetter(reader, {
      from: null,
      text: null,
      title: post.title,
      threadUrl: `${siteUrl}/messages/na_2`,
    }),
    mutable,
  ],
}

describe.each(Object.entries(letters))('%s', (name, [letter, frame]) => {
  it('reads as it did, in HTML and in text', async () => {
    const { html, text } = await renderLetter(letter, frame)
    await expect(html).toMatchFileSnapshot(`snapshots/${name}.html`)
    await expect(text).toMatchFileSnapshot(`snapshots/${name}.txt`)
  })

  it('says the same in both, fetches nothing and leads nowhere but to us', async () => {
    const { html, text } = await renderLetter(letter, frame)
    const addresses = [...html.matchAll(/href="([^"]+)"/g)].map(([, url = '']) => url.replaceAll('&amp;', '&'))
    for (const url of addresses) {
      expect(url.startsWith(siteUrl)).toBe(true)
      expect(text).toContain(url)
    }
    expect(html).not.toMatch(/<img|<script|<link|<form|src=|@import|url\(/)
    for (const block of letter.blocks) if (block.is === 'text') expect(text).toContain(block.text)
    if (name !== 'post-expired-long-words') expect(letter.subject.length).toBeLessThanOrEqual(80)
  })
})

describe('renderLetter', () => {
  it('lets nothing that people wrote become markup', async () => {
    const hostile = '<img src=x onerror=alert(1)>"\'</title></style><script>'
    const letter = posts.newMessageLetter(
      { ...reader, greeting: `Hello ${hostile},` },
      { from: hostile, text: hostile, title: hostile, threadUrl: link },
    )
    const { html } = await renderLetter(letter, plain)
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<script')
    expect(html.match(/<\/style>/g)).toHaveLength(1)
    expect(html.match(/<\/title>/g)).toHaveLength(1)
  })

  it('names the ways to hear less only where there are any', async () => {
    const letter = account.welcomeLetter(reader)
    expect((await renderLetter(letter, mutable)).text).toContain('/me/mail')
    expect((await renderLetter(letter, plain)).html).not.toContain('No more of these')
  })

  it('greets nobody by a name in mail to an address that nobody has confirmed', () => {
    for (const letter of [account.verifyLetter(reader, link), account.confirmAddressLetter(reader, link)]) {
      expect(letter.greeting).toBe('Hello,')
    }
  })
})

describe('times', () => {
  it('are those of the reader’s own clock', () => {
    expect(dayText(at, { locale: 'en-US', timeZone: 'America/New_York' })).toBe('October 24, 2026')
    expect(dayText(at, { locale: 'de-DE', timeZone: 'Europe/Berlin' })).toBe('25 October 2026')
    expect(momentText(at, { locale: 'en-GB', timeZone: 'Europe/Berlin' })).toContain('00:30')
    expect(momentText(at, { locale: 'en-US', timeZone: 'America/New_York' })).toMatch(/2026, 6:30\sPM EDT/)
  })
})
