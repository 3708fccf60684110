import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { launchChromium } from './chromium.ts'

const stack = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

describe.each([
  { mode: 'with JavaScript', javaScriptEnabled: true },
  { mode: 'without JavaScript', javaScriptEnabled: false },
])('a visitor $mode', ({ javaScriptEnabled }) => {
  let page: Page
  const problems: string[] = []
  const counted = async () => Number(/^\d+/.exec((await page.locator('#title').textContent()) ?? '')?.[0])
  const cards = () => page.locator('.cards li').count()
  /** Ticks a choice; without a script the form's button sends it. */
  const tick = async (label: string) => {
    await page.getByLabel(label, { exact: true }).check()
    if (!javaScriptEnabled) await page.getByRole('button', { name: /^Show/ }).click()
  }

  beforeAll(async () => {
    const context = await browser.newContext({
      javaScriptEnabled,
      viewport: { width: 1280, height: 900 },
      locale: 'en-US',
    })
    page = await context.newPage()
    page.on('pageerror', error => problems.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) problems.push(message.text())
    })
  })
  afterAll(() => page.context().close())

  test('looks for words, narrows by what is counted, goes back, and lifts a filter', async () => {
    await page.goto(`${stack.site}/?from=US`)
    await page.getByRole('search').getByLabel('How far').selectOption('')
    await page.locator('#what').fill('bike')
    await page.locator('#what').press('Enter')
    await page.waitForURL(/\/search\?q=bike/)
    const all = await counted()
    expect(all).toBeGreaterThan(3)
    expect(await cards()).toBe(Math.min(all, 24))
    const offered = page.locator('label', { has: page.locator('[name=condition][value=good]') })
    const good = Number(await offered.locator('small').textContent())
    await tick(`Good ${good}`)
    await page.waitForURL(/condition=good/)
    await expect.poll(counted).toBe(good)
    expect(await cards()).toBe(Math.min(good, 24))
    await page.goBack()
    await expect.poll(counted).toBe(all)
    await page.goForward()
    await expect.poll(counted).toBe(good)
    expect(await page.locator('[name=condition][value=good]').isChecked()).toBe(true)
    await page.getByRole('link', { name: 'Good remove' }).click()
    await expect.poll(counted).toBe(all)
    expect(await page.locator('#what').inputValue()).toBe('bike')
  })

  test('finds what is around a city that was typed and not taken from the list, on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${stack.site}/search?q=bike`)
    expect(await page.locator('#where').getAttribute('placeholder')).toBe('United States')
    await page.locator('#where').fill('Chicago')
    await page.locator('#where').press('Enter')
    await page.waitForURL(/place=Chicago/)
    expect(await page.locator('.about').textContent()).toBe('within 50 km of Chicago')
    expect(await page.locator('#where').inputValue()).toBe('Chicago')
    await page.locator('#where').fill('Xyzzyville')
    await page.locator('#where').press('Enter')
    await page.waitForURL(/place=Xyzzyville/)
    expect(await page.locator('main').textContent()).toContain('We do not know this city')
    expect(await page.locator('#where').inputValue()).toBe('Xyzzyville')
    await page.locator('#where').fill('')
    await page.locator('#where').press('Enter')
    await page.waitForURL(url => !url.search.includes('place=X'))
    expect(await page.locator('.about').textContent()).toBe('in the United States')
    await page.setViewportSize({ width: 1280, height: 900 })
  })

  test('is told what leads on where nothing is, and what could not be read', async () => {
    await page.goto(`${stack.site}/search?q=bike&max=1&category=bicycles`)
    await page.getByRole('link', { name: 'Without the price limit' }).click()
    await expect.poll(cards).toBeGreaterThan(0)
    await page.goto(`${stack.site}/search?q=bike&min=abc`)
    expect(await page.getByLabel('Lowest price').inputValue()).toBe('abc')
    expect(await page.locator('main').textContent()).toContain('Lowest price must be an amount in USD')
    expect(problems).toEqual([])
  })
})
