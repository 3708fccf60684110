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

  test('write to each other, are told by mail, and block', { timeout: 180_000 }, async () => {
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
    timeout: 180_000,
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
    await signIn(page, moderatorOf('na'))
    await page.goto(`${stack.site}/moderation`)
    await press(page, page.locator('.tabs a', { hasText: 'Europe' }))
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

describe('a message that a moderator removes', () => {
  test('says so to both sides, and why to whoever wrote it, there and by mail', { timeout: 180_000 }, async () => {
    const [seller, buyer] = [member('na', 3), member('eu', 3)]
    const post = await findPost(seller)
    const words = `Rude words ${crypto.randomUUID()}`
    const thread = await call<{ id: string }>(buyer, 'POST', `/posts/${post.id}/messages`, { text: words })
    const said = await call<{ items: { id: string }[] }>(seller, 'GET', `/threads/${thread.id}/messages`)
    await call(seller, 'POST', `/messages/${said.items[0]?.id}/reports`, { reason: 'offensive' })

    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })
    const page = await context.newPage()
    const visit = async (login: Person, path: string) => {
      await context.clearCookies()
      await signIn(page, login)
      await page.goto(stack.site + path)
    }
    await visit(moderatorOf('eu'), '/moderation?region=na')
    const report = page.locator('.queue > li', { hasText: words })
    expect(await report.textContent()).toContain('This account belongs to Europe and Africa')
    await report.locator('textarea').fill('Insults are not welcome.')
    await press(page, report.locator('button[value=remove]'))

    await visit(buyer, `/messages/${thread.id}`)
    const bubble = page.locator('.bubble').last()
    expect(await bubble.textContent()).toContain('Only you see why: Insults are not welcome.')
    await visit(seller, `/messages/${thread.id}`)
    expect(await bubble.textContent()).toContain('Removed by a moderator.')
    expect(await page.textContent('main')).not.toMatch(/Insults|Rude words/)
    const { text } = await waitForMail(stack.mail, buyer.email, /^Removed: your message/)
    expect(text).toContain(`/messages/${thread.id}`)
    expect(text).not.toContain('Insults')
    await context.close()
  })
})

function moderatorOf(region: string) {
  const login = stack.logins.find(each => each.region === region && each.role === 'moderator')
  if (!login) throw new Error(`The stack has no moderator of ${region}`)
  return login
}

/** Presses a button and waits for the page that follows. */
async function press(page: Page, button: Locator): Promise<void> {
  await button.scrollIntoViewIfNeeded()
  await Promise.all([page.waitForEvent('framenavigated', { timeout: 20_000 }), button.click()])
  await page.waitForLoadState('load')
}

async function signIn(page: Page, { email, password }: Person): Promise<void> {
  await page.goto(`${stack.site}/sign-in`)
  const form = page.locator('main form[action="/sign-in"]')
  await form.locator('[name=email]').fill(email)
  await form.locator('[name=password]').fill(password)
  await submit(page, form)
}

type Person = { email: string; password: string }

/** Calls the API as somebody who signs in for it. */
async function call<T>({ email, password }: Person, method: string, path: string, body?: object): Promise<T> {
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const content = body
      ? { body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } }
      : { headers }
    const reply = await fetch(`${stack.site}/api/v1${path}`, { method, ...content })
    expect(reply.status, path).toBeLessThan(300)
    return reply.json()
  }
  const { accessToken } = (await ask('POST', '/sessions', {}, { email, password })) as { accessToken: string }
  return (await ask(method, path, { authorization: `Bearer ${accessToken}` }, body)) as T
}

/** A post of a demo seller that everybody sees. */
async function findPost(seller: Person) {
  const { items } = await call<{ items: { id: string; title: string }[] }>(seller, 'GET', '/me/posts?status=active')
  const post = items.at(-1)
  if (!post) throw new Error(`${seller.email} has no active post`)
  return post
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
