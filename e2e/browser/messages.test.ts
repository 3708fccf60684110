import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { waitForMail } from '../mail.ts'
import { launchChromium } from './chromium.ts'
import { submit } from './forms.ts'

const stack = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

const member = (region: string, index: number) => {
  const login = stack.logins.filter(each => each.region === region && each.role === 'member')[index]
  if (!login) throw new Error(`The stack has no member ${index} of ${region}`)
  return login
}

describe.each([
  { mode: 'with JavaScript', javaScriptEnabled: true, index: 0 },
  { mode: 'without JavaScript', javaScriptEnabled: false, index: 1 },
])('a buyer in eu and a seller in na, $mode', ({ javaScriptEnabled, index }) => {
  const seller = member('na', index)
  const buyer = member('eu', index)
  const problems: string[] = []
  const open = async (width: number): Promise<Page> => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width, height: 844 }, locale: 'en-US' })
    const page = await context.newPage()
    page.on('pageerror', error => problems.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(message.text())
    })
    return page
  }
  let here: Page
  let there: Page
  beforeAll(async () => {
    here = await open(390)
    there = await open(1280)
  })
  afterAll(() => Promise.all([here.context().close(), there.context().close()]))

  test('write to each other, are told by mail, and block', { timeout: 90_000 }, async () => {
    const post = await findPost(seller)
    const words = `Hello <b>there</b>, still to be had?\nMy number is 555 0100 ${crypto.randomUUID()}`

    // Signed out: the text is kept through signing in, and sent then.
    await here.goto(`${stack.site}/p/${post.id}/x`)
    await here.locator('#message [name=chip]').first().click()
    await expect.poll(() => here.locator('#message textarea').inputValue()).toContain('available')
    await here.locator('#message textarea').fill(words)
    await press(here, here.locator('#message button.sea'))
    const form = here.locator('main form[action="/sign-in"]')
    expect(await here.locator('blockquote').textContent()).toBe(words)
    await form.locator('[name=email]').fill(buyer.email)
    await form.locator('[name=password]').fill(buyer.password)
    await submit(here, form)
    expect(new URL(here.url()).pathname).toMatch(/^\/messages\/na_/)
    const threadPath = new URL(here.url()).pathname
    expect(await here.locator('.bubble.mine .words').last().textContent()).toBe(words)
    expect(await here.locator('.bubble a:not([rel=nofollow])').count()).toBe(0)

    const told = await waitForMail(stack.mail, seller.email, new RegExp(literally(post.title)))
    expect(told.text).toContain(threadPath)

    await signIn(there, seller)
    await there.goto(`${stack.site}/messages`)
    await there.locator(`.threads a[href^="${threadPath}"].new`).waitFor()
    const unread = Number.parseInt((await there.locator('.act.unread b').textContent()) ?? '', 10)
    expect(unread).toBeGreaterThan(0)
    await there.locator(`.threads a[href^="${threadPath}"]`).click()
    await there.waitForURL(`**${threadPath}*`)
    expect(await there.locator('.bubble .words').last().textContent()).toBe(words)
    await there.goto(`${stack.site}/messages`)
    expect(await there.locator(`.threads a[href^="${threadPath}"].new`).count()).toBe(0)

    await there.goto(stack.site + threadPath)
    const answer = `Yes, it is. Come on Saturday. ${crypto.randomUUID()}`
    await there.locator('.reply textarea').fill(answer)
    await submit(there, there.locator('.reply'))
    expect(await there.locator('.bubble.mine .words').last().textContent()).toBe(answer)

    const toBuyer = await waitForMail(stack.mail, buyer.email, new RegExp(literally(post.title)))
    expect(toBuyer.text).not.toContain(answer)
    // The island shows what is new by itself and says it in the log; without JavaScript the page is opened again.
    if (!javaScriptEnabled) await here.goto(stack.site + threadPath)
    await here.locator('[role=log] .bubble:not(.mine) .words', { hasText: answer }).waitFor({ timeout: 15_000 })
    await here.locator('.reply textarea').fill('See you then')
    await submit(here, here.locator('.reply'))

    await there.goto(stack.site + threadPath)
    expect(await there.locator('.bubble .words').last().textContent()).toBe('See you then')
    await there.locator('main .menu summary').click()
    await press(there, there.locator('main .menu button'))
    expect(await there.textContent('main')).toContain('You blocked this person')
    await here.goto(stack.site + threadPath)
    expect(await here.textContent('main')).toContain('takes no messages from you any more')
    expect(await here.locator('.reply').count()).toBe(0)
    await there.locator('main .menu summary').click()
    await press(there, there.locator('main .menu button'))
    expect(await there.locator('.reply').count()).toBe(1)
    expect(problems).toEqual([])
  })

  test('report a post, which a moderator removes with a reason that its seller reads', {
    timeout: 60_000,
  }, async () => {
    const victim = member('eu', index + 2)
    const post = await findPost(victim)
    const stranger = await open(390)
    await stranger.goto(`${stack.site}/p/${post.id}/x`)
    await stranger.locator('main a', { hasText: 'Report' }).first().click()
    await stranger.locator('main form [value=fraud]').check()
    await stranger.locator('main textarea').fill(`Not theirs ${post.id}`)
    await submit(stranger, stranger.locator('main form'))
    expect(await stranger.textContent('main')).toContain('A moderator will look at it')
    await stranger.context().close()

    const page = await open(1280)
    await signIn(page, stack.logins.find(each => each.role === 'moderator') ?? member('eu', 0))
    await page.goto(`${stack.site}/moderation`)
    const report = page.locator('.queue > li', { hasText: `Not theirs ${post.id}` })
    await report.locator('textarea').fill('It belongs to somebody else.')
    await press(page, report.locator('button[value=remove]'))
    expect(await page.textContent('main')).toContain('Decided.')
    expect(await page.locator('.queue > li', { hasText: `Not theirs ${post.id}` }).count()).toBe(0)
    await page.context().close()

    const owner = await open(390)
    await signIn(owner, victim)
    await owner.goto(`${stack.site}/p/${post.id}/x`)
    expect(await owner.textContent('main')).toContain('It belongs to somebody else.')
    const { text } = await waitForMail(stack.mail, victim.email, new RegExp(literally(post.title)))
    expect(text).toContain('It belongs to somebody else.')
    await owner.context().close()
    expect(problems).toEqual([])
  })
})

/** Presses a button and waits for the page that follows. */
async function press(page: Page, button: Locator): Promise<void> {
  await button.scrollIntoViewIfNeeded()
  await Promise.all([page.waitForEvent('framenavigated', { timeout: 20_000 }), button.click()])
  await page.waitForLoadState('load')
}

async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.goto(`${stack.site}/sign-in`)
  const form = page.locator('main form[action="/sign-in"]')
  await form.locator('[name=email]').fill(email)
  await form.locator('[name=password]').fill(password)
  await submit(page, form)
}

/** A post of a demo seller that everybody sees. */
async function findPost({ email, password }: { email: string; password: string }) {
  const headers = { 'content-type': 'application/json' }
  const signedIn = await fetch(`${stack.site}/api/v1/sessions`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password }),
  })
  const { accessToken } = (await signedIn.json()) as { accessToken: string }
  const reply = await fetch(`${stack.site}/api/v1/me/posts?status=active`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  const { items } = (await reply.json()) as { items: { id: string; title: string }[] }
  const post = items.at(-1)
  if (!post) throw new Error(`${email} has no active post`)
  return post
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
