import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { linkIn, waitForMail } from '../mail.ts'
import { launchChromium } from './chromium.ts'
import { submit } from './forms.ts'

const stack = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

describe.each([
  { mode: 'with JavaScript', javaScriptEnabled: true },
  { mode: 'without JavaScript', javaScriptEnabled: false },
])('a seller $mode', ({ javaScriptEnabled }) => {
  const email = `seller-${javaScriptEnabled ? 'js' : 'plain'}-${Date.now()}@example.com`
  const password = 'a quiet wooden bench'
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    const context = await browser.newContext({
      javaScriptEnabled,
      viewport: { width: 390, height: 844 },
      locale: 'en-US',
    })
    page = await context.newPage()
    page.on('pageerror', error => problems.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(message.text())
    })
  })
  afterAll(() => page.context().close())

  test('registers, verifies by the mail, posts, edits, reserves, sells and deletes', { timeout: 180_000 }, async () => {
    await page.goto(`${stack.site}/?from=DE`)
    await register(page, email, password)
    await verify(page, email)
    await signOut(page)
    await signIn(page, email, password)

    const postUrl = await publish(page)
    await edit(page, postUrl)

    await openMyPosts(page)
    await act(page, 'reserve')
    await page.goto(postUrl)
    expect(await page.textContent('main')).toContain('Reserved')
    await openMyPosts(page)
    await act(page, 'unreserve')
    await act(page, 'sell')
    await page.goto(postUrl)
    expect(await page.textContent('main')).toContain('Sold')

    await openMyPosts(page)
    await remove(page)
    const gone = await page.goto(postUrl)
    expect(gone?.status()).toBe(410)
    expect(problems).toEqual([])
  })

  test('renews an expired post of a demo seller', { timeout: 60_000 }, async () => {
    const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1280, height: 900 } })
    const other = await context.newPage()
    const region = javaScriptEnabled ? 'na' : 'ap'
    const renewable = await findSellerWithExpired(other, region)
    expect(renewable).toBe(true)
    const before = await other.locator('form[action$="/renew"]').count()
    await submit(other, other.locator('form[action$="/renew"]').first())
    expect(await other.textContent('body')).toMatch(/renewed/i)
    await other.goto(`${stack.site}/me/posts?status=expired`)
    expect(await other.locator('form[action$="/renew"]').count()).toBe(before - 1)
    await context.close()
  })

  /** Signs in as one demo seller of the region after the other until one has an expired post to renew. */
  async function findSellerWithExpired(other: Page, region: string): Promise<boolean> {
    for (const login of stack.logins.filter(each => each.region === region && each.role === 'member')) {
      await signIn(other, login.email, login.password)
      await other.goto(`${stack.site}/me/posts?status=expired`)
      if ((await other.locator('form[action$="/renew"]').count()) > 0) return true
      await signOut(other)
    }
    return false
  }
})

async function register(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${stack.site}/register`)
  const form = page.locator('form[action="/register"]')
  await form.locator('[name=displayName]').fill('Nora B.')
  await form.locator('[name=email]').fill(email)
  await form.locator('[name=password]').fill('short')
  await submit(page, form)
  // A refused form keeps what was typed, but never a password.
  expect(await form.locator('[name=email]').inputValue()).toBe(email)
  expect(await page.textContent('main')).toMatch(/at least 12/)
  await form.locator('[name=password]').fill(password)
  await submit(page, form)
  expect(await page.textContent('main')).toMatch(/mail/i)
}

async function verify(page: Page, email: string): Promise<void> {
  const { text } = await waitForMail(stack.mail, email, /confirm|verify/i)
  await page.goto(linkIn(text, '/verify'))
  await submit(page, page.locator('main form[action^="/verify"]'))
  expect(await page.locator('form[action="/sign-out"]').count()).toBeGreaterThan(0)
}

async function signOut(page: Page): Promise<void> {
  await page.goto(`${stack.site}/me`)
  await submit(page, page.locator('main form[action="/sign-out"]'))
  const back = await page.goto(`${stack.site}/me`)
  expect(new URL(back?.url() ?? '').pathname).toBe('/sign-in')
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${stack.site}/sign-in`)
  const form = page.locator('main form[action^="/sign-in"]')
  await form.locator('[name=email]').fill(email)
  await form.locator('[name=password]').fill(password)
  await submit(page, form)
  expect(new URL(page.url()).pathname).not.toBe('/sign-in')
}

async function publish(page: Page): Promise<string> {
  await page.goto(`${stack.site}/sell?category=bicycles`)
  const form = page.locator('form[action^="/sell"]')
  await form.locator('[name=title]').fill('Green city bike <b>& "basket"</b>')
  await form.locator('[name=description]').fill('Rides well.\nNew tyres in May.')
  await form.locator('[name=priceAmount]').fill('145,50')
  await form.locator('[name=placeQuery]').fill('Berlin')
  await submit(page, form, 'publish')
  expect(new URL(page.url()).pathname).toMatch(/^\/p\/eu_[0-9a-z]{26}\/green-city-bike/)
  expect(await page.textContent('main h1')).toContain('Green city bike <b>& "basket"</b>')
  expect(await page.textContent('main')).toMatch(/145[.,]50/)
  return page.url().split('?')[0] ?? ''
}

async function edit(page: Page, postUrl: string): Promise<void> {
  const id = new URL(postUrl).pathname.split('/')[2]
  await page.goto(`${stack.site}/posts/${id}/edit`)
  const form = page.locator(`form[action^="/posts/${id}/edit"]`)
  await form.locator('[name=title]').fill('Green city bike, two baskets')
  await submit(page, form, 'save')
  await page.goto(postUrl)
  expect(new URL(page.url()).pathname).toContain('green-city-bike-two-baskets')
}

async function openMyPosts(page: Page): Promise<void> {
  await page.goto(`${stack.site}/me/posts`)
  expect(await page.textContent('main')).toContain('Green city bike')
}

async function act(page: Page, action: string): Promise<void> {
  await submit(page, page.locator(`main form[action$="/${action}"]`).first())
}

/** Deleting asks once more, by opening a disclosure that works without JavaScript. */
async function remove(page: Page): Promise<void> {
  await page.locator('main summary', { hasText: 'Delete' }).first().click()
  await submit(page, page.locator('main form[action$="/delete"]').first())
}
