import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { messages, pages } from './fixtures.ts'
import { axeFaults, everyRule, overflowOf } from './testing/axe.ts'
import { type FixtureSite, startSite } from './testing/site.ts'

/*
 * Every page in a real browser under our own Content-Security-Policy: axe with the rules of WCAG 2.2 AA, no sideways
 * scroll at 320 px, nothing on the console; and the islands by keyboard.
 */
const cities = ['Berlin', 'Bern', 'Bergen'].map((city, lat) => ({
  city,
  country: 'DE',
  subdivision: null,
  lat,
  lon: 1,
}))
const late = { ...messages[0], number: 5, mine: false, text: 'One more <b>thing</b>', id: 'na_late' }
const marked: string[] = []
let site: FixtureSite

beforeAll(async () => {
  site = await startSite()
  site.on(({ path, body }) => {
    if (path === '/api/v1/places') return { body: { items: cities } }
    if (/^\/api\/v1\/threads\/\w+\/messages$/.test(path)) {
      return { body: { items: [...messages, late].toReversed(), nextCursor: null } }
    }
    // A page with photos that are being made asks for news of them.
    const shown = pages.photos?.page
    if (/^\/api\/v1\/posts\/\w+\/images$/.test(path) && shown?.name === 'photos')
      return { body: { items: shown.images } }
    if (!path.endsWith('/read')) return undefined
    marked.push(String(body))
    return {}
  })
})
afterAll(() => site?.stop())

const colourful = [
  'home',
  'filtered',
  'search',
  'search-world',
  'search-none',
  'search-errors',
  'post',
  'post-own',
  'messages',
  'thread',
  'thread-refused',
  'moderation',
  'sell-errors',
  'my-posts',
  'photos',
  'photos-refused',
  'preview',
  'account',
  'error',
]

describe.each([
  { width: 320, colorScheme: 'light', names: Object.keys(pages), rules: everyRule },
  { width: 1280, colorScheme: 'dark', names: colourful, rules: ['color-contrast', 'target-size'] },
] as const)('pages at $width px, $colorScheme', ({ width, colorScheme, names, rules }) => {
  it('pass axe, do not scroll sideways and say nothing on the console', { timeout: 120_000 }, async () => {
    const page = await site.open(width, { colorScheme })
    for (const name of names) {
      await page.goto(`${site.url}/${name}`)
      expect(await axeFaults(page, rules), name).toEqual([])
      expect(await overflowOf(page), `${name} scrolls sideways`).toBeLessThanOrEqual(0)
    }
    expect(site.said).toEqual([])
    await page.context().close()
  })
})

describe.each(['light', 'dark'] as const)('the bar on phones, %s', colorScheme => {
  it('says how much is unread beside "Messages", to be seen and to be heard', async () => {
    const page = await site.open(390, { colorScheme })
    const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Messages' })
    await page.goto(`${site.url}/messages`)
    expect(await link.getByText('2').isVisible()).toBe(true)
    expect(await page.getByRole('link', { name: 'Messages 2 unread', exact: true }).count()).toBe(1)
    const [bar, number] = await Promise.all([page.locator('.bar').boundingBox(), link.locator('b').boundingBox()])
    if (!bar || !number) throw new Error('The bar and its number must be there')
    expect(number.y).toBeGreaterThanOrEqual(bar.y)
    expect(number.height).toBeGreaterThanOrEqual(12)
    expect(await axeFaults(page, ['color-contrast'])).toEqual([])
    await page.goto(`${site.url}/sign-in`)
    expect(await link.getAttribute('href')).toBe('/messages')
    expect(await link.locator('b').isVisible()).toBe(false)
    expect(await page.getByRole('link', { name: 'Messages', exact: true }).count()).toBe(1)
    await page.context().close()
  })
})

describe('islands', () => {
  it('suggest cities by keyboard, and send the one that was chosen', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/sell`)
    await page.getByLabel('City').scrollIntoViewIfNeeded()
    const field = page.getByRole('combobox', { name: 'City' })
    await field.fill('Ber')
    await page.getByRole('option', { name: 'Bern,' }).waitFor()
    expect(await field.getAttribute('aria-expanded')).toBe('true')
    await field.press('ArrowDown')
    await field.press('ArrowDown')
    expect(await page.locator('[role=option][aria-selected=true]').textContent()).toBe('Bern, Germany')
    await field.press('Enter')
    expect(await field.inputValue()).toBe('Bern, Germany')
    expect(await page.locator('main [name=lat]').inputValue()).toBe('1')
    expect(await page.locator('main [name=placeLabel]').inputValue()).toBe('Bern, Germany')
    const sent = page.waitForRequest(request => request.method() === 'POST')
    await field.press('Enter')
    expect((await sent).postData()).toContain('placeQuery=Bern')
    await page.context().close()
  })

  it('keep the city that was typed before the script came', async () => {
    const page = await site.open(1280)
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    await page.route(/client-[^/]*\.js$/, route => held.then(() => route.continue()))
    await page.goto(`${site.url}/category`, { waitUntil: 'commit' })
    await page.locator('header [name=place]').fill('Lyon')
    release()
    const field = page.locator('header').getByRole('combobox', { name: 'Where' })
    await field.waitFor()
    expect(await field.inputValue()).toBe('Lyon')
    expect(await page.locator('header [name=nearOf]').inputValue()).not.toBe('Lyon')
    await page.context().close()
  })

  it('count characters and bring back what was typed on this device', async () => {
    const page = await site.open(390)
    await page.goto(`${site.url}/sell`)
    await page.getByLabel('Title').fill('Steel bike')
    await page.getByText('Good', { exact: true }).click()
    await page.getByText('10 of 120.').waitFor()
    await page.getByText('Saved on this device.').waitFor()
    await page.reload()
    await page.getByText('Put back from this device.').waitFor()
    expect(await page.getByLabel('Title').inputValue()).toBe('Steel bike')
    expect(await page.locator('[name=condition]:checked').inputValue()).toBe('good')
    await page.goto(`${site.url}/post-own`)
    await page.waitForFunction(() => localStorage.length === 0)
    await page.context().close()
  })

  it('say how many posts the filters leave, in a sheet that Escape closes', async () => {
    const category = pages.category?.page
    if (category?.name !== 'category') throw new Error('There must be a category')
    site.serve('/c/bikes', query => ({
      ...category,
      filters: Object.fromEntries(query),
      counts: query.get('max') === '100' ? { total: 12, newThisWeek: 1 } : category.counts,
    }))
    const page = await site.open(390)
    await page.goto(`${site.url}/category`)
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('Highest price').fill('100')
    await page.getByLabel('Highest price').press('Tab')
    await page.getByRole('button', { name: 'Show 12 posts' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByLabel('Highest price').isVisible()).toBe(false)
    await page.context().close()
  })

  it('begin a message with a chip, by keyboard', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/post`)
    const box = page.getByLabel('Your message to')
    await box.fill('Hello.')
    await page.getByRole('button', { name: 'Is it still available?' }).press('Enter')
    expect(await box.inputValue()).toBe('Hello. Is it still available?')
    expect(await box.evaluate(element => element === document.activeElement)).toBe(true)
    await page.context().close()
  })

  it('put what is new into the log of a thread, as text, with its day, and mark it read', async () => {
    const page = await site.open(390)
    await page.goto(`${site.url}/thread`)
    const log = page.getByRole('log', { name: 'Messages' })
    const fresh = log.locator('.bubble').nth(messages.length)
    await fresh.getByText('One more <b>thing</b>').waitFor({ timeout: 10_000 })
    expect(await fresh.getByRole('link').getAttribute('href')).toMatch(
      /^(http:\/\/[^/]+)?\/report\/message\/na_late\?next=/,
    )
    expect(await log.locator('.day').count()).toBe(3)
    await expect.poll(() => marked).toEqual(['{"upTo":5}'])
    await page.context().close()
  })

  it('leave every form usable without JavaScript', async () => {
    const page = await site.open(390, { javaScriptEnabled: false })
    await page.goto(`${site.url}/category`)
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByLabel('Highest price').fill('100')
    await page.getByRole('button', { name: 'Show 34 posts' }).click()
    expect(new URL(page.url()).searchParams.get('max')).toBe('100')
    await page.goto(`${site.url}/my-posts`)
    await page.locator('main summary').first().click()
    expect(await page.getByRole('button', { name: 'Delete for good' }).isVisible()).toBe(true)
    await page.context().close()
  })
})
