import type { Page as BrowserPage } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pages, posts } from './fixtures.ts'
import type { SearchPage } from './page-model.ts'
import { axeFaults, overflowOf } from './testing/axe.ts'
import { type FixtureSite, startSite } from './testing/site.ts'

/* The search page in a real browser under our own policy: words suggested as one types, filters that work at once, and without JavaScript. */
const fixture = pages.search?.page as SearchPage
const bern = { city: 'Bern', country: 'CH', subdivision: 'CH-BE', lat: 46.95, lon: 7.45 }
const suggestions = [
  { kind: 'phrase', text: 'bench' },
  { kind: 'category', text: 'Beds and mattresses', category: 'beds' },
  { kind: 'place', text: 'Bern', place: bern },
]
let site: FixtureSite
const asked: string[] = []

beforeAll(async () => {
  site = await startSite()
  site.on(({ path }) => (path === '/api/v1/search/suggest' ? { body: { items: suggestions } } : undefined))
  site.serve('/search', query => {
    asked.push(query.toString())
    return pageFor(query)
  })
  site.serve('/c/beds', () => fixture)
})
afterAll(() => site?.stop())
beforeEach(() => {
  asked.length = 0
})

/** The more is asked for, the fewer posts there are. */
function pageFor(query: URLSearchParams): SearchPage {
  const names = [...new Set(query.keys())]
  const given = names.filter(name => name !== 'currency' && query.get(name))
  const filters: Record<string, string> = {
    country: 'US',
    ...Object.fromEntries(given.map(name => [name, query.getAll(name).join()])),
  }
  const asked = [...query].filter(([name, value]) => value && !['country', 'currency'].includes(name))
  const left = query.get('min') === '999' ? 0 : 20 - 2 * asked.length
  const category = filters.category ?? null
  const page = { ...fixture, filters, category, prices: { currency: 'USD' }, centre: null }
  if (query.get('min') === 'abc') return { ...page, errors: { min: 'must be an amount in USD' }, result: null }
  return {
    ...page,
    result: {
      ...(fixture.result as NonNullable<SearchPage['result']>),
      items: posts.slice(0, left),
      total: { value: left, relation: 'eq' },
    },
  }
}

const heading = (page: BrowserPage, text: string) => page.getByRole('heading', { level: 1, name: text }).waitFor()
const queryOf = (page: BrowserPage) => Object.fromEntries(new URL(page.url()).searchParams)

describe('the field that says what', () => {
  it('suggests from the second letter on, and by keyboard', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/search`)
    const field = page.getByRole('combobox', { name: 'What' })
    await field.pressSequentially('b')
    await field.pressSequentially('e')
    const options = page.locator('[role=option]')
    await options.first().waitFor()
    expect(await options.allTextContents()).toEqual(['bench', 'Beds and mattressesCategory', 'Bern, SwitzerlandCity'])
    expect(
      await options.locator('use').evaluateAll(all => all.map(use => use.getAttribute('href')?.split('#')[1])),
    ).toEqual(['search', 'tag', 'map-pin'])
    expect(await field.getAttribute('aria-expanded')).toBe('true')
    expect(await axeFaults(page)).toEqual([])
    await field.press('ArrowUp')
    expect(await field.getAttribute('aria-activedescendant')).toBe(await options.nth(2).getAttribute('id'))
    await field.press('ArrowDown')
    expect(await page.locator('[role=option][aria-selected=true]').allTextContents()).toEqual(['bench'])
    await field.press('Escape')
    expect([await options.count(), await field.inputValue()]).toEqual([0, 'be'])
    expect(await field.getAttribute('aria-activedescendant')).toBeNull()
    await field.press('Escape')
    expect(await field.inputValue()).toBe('')
    await field.fill('be')
    await options.first().waitFor()
    await field.press('Alt+ArrowUp')
    expect([await options.count(), await field.inputValue()]).toEqual([0, 'be'])
    await field.press('Enter')
    await page.waitForURL(/q=be/)
    expect(queryOf(page)).toEqual({ q: 'be', country: 'US' })
    await page.context().close()
  })

  it('looks for the words that were taken, goes to a category, and to what is near a city', async () => {
    const page = await site.open(1280)
    const take = async (index: number) => {
      await page.goto(`${site.url}/search?q=x`)
      await page.getByRole('combobox', { name: 'What' }).fill('be')
      await page.locator('[role=option]').nth(index).click()
    }
    await take(0)
    await page.waitForURL(/q=bench/)
    await take(1)
    await page.waitForURL(/\/c\/beds/)
    await take(2)
    await page.waitForURL(/radius=50/)
    expect(queryOf(page)).toEqual({
      radius: '50',
      place: 'Bern, Switzerland',
      near: '46.95,7.45',
      nearOf: 'Bern, Switzerland',
      country: 'CH',
    })
    await page.context().close()
  })

  it.each([320, 390])('shows its list within the page at %i px, however long it is', async width => {
    const page = await site.open(width)
    const long = Array.from({ length: 20 }, (_, index) => ({ kind: 'phrase', text: `${'bench '.repeat(12)}${index}` }))
    await page.route(/search\/suggest/, route => route.fulfill({ json: { items: long } }))
    await page.goto(`${site.url}/search`)
    for (const name of ['What', 'Where']) {
      if (name === 'Where')
        await page.route(/api\/v1\/places/, route =>
          route.fulfill({ json: { items: [{ ...bern, city: 'Bern '.repeat(20) }] } }),
        )
      await page.getByRole('combobox', { name }).fill('be')
      await page.locator('[role=option]').first().waitFor()
      expect(await overflowOf(page), name).toBeLessThanOrEqual(0)
      const box = await page.locator('[role=listbox]:not([hidden])').boundingBox()
      expect(box && box.x >= 0 && box.height < 0.7 * 844, name).toBe(true)
    }
    await page.context().close()
  })

  it('keeps to a category only as long as that is ticked, and drops the radius of a city that is taken out', async () => {
    const page = await site.open(390)
    await page.goto(`${site.url}/search?category=bicycles&radius=50&place=Bern`)
    await page.getByLabel('Only in Bicycles').uncheck()
    await page.locator('#where').fill('')
    await page.locator('#what').fill('sofa')
    await page.locator('#what').press('Enter')
    await page.waitForURL(/q=sofa/)
    expect(queryOf(page)).toEqual({ q: 'sofa', country: 'US' })
    await page.locator('#where').fill('Chicago')
    await page.locator('#where').press('Enter')
    await page.waitForURL(/place=Chicago/)
    expect(asked.at(-1)).toContain('place=Chicago')
    await page.context().close()
  })

  it('shows what was asked last, whatever comes late, and nothing once the field is left', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/search`)
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    let answered = () => {}
    const late = new Promise<void>(resolve => {
      answered = resolve
    })
    await page.route(/suggest\?q=be$/, async route => {
      await held
      await route.fulfill({ json: { items: [{ kind: 'phrase', text: 'bee late' }] } }).catch(() => {})
      answered()
    })
    const field = page.getByRole('combobox', { name: 'What' })
    const first = page.waitForRequest(/suggest\?q=be$/)
    await field.fill('be')
    await first
    await field.fill('ben')
    await page.locator('[role=option]', { hasText: 'bench' }).waitFor()
    release()
    await late
    // What is asked for after it comes after it.
    await page.evaluate(() => fetch('/').then(response => response.text()))
    expect(await page.locator('[role=option]', { hasText: 'bee late' }).count()).toBe(0)
    await field.press('Tab')
    await expect.poll(() => page.locator('[role=option]').count()).toBe(0)
    await page.context().close()
  })
})

describe('filters', () => {
  it('show what they leave at once, say how much, and keep the focus', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/search?q=bike`)
    await heading(page, '18 posts for “bike”')
    await page.getByRole('checkbox', { name: 'Good' }).press('Space')
    await heading(page, '16 posts for “bike”')
    expect(queryOf(page)).toEqual({ q: 'bike', condition: 'good', country: 'US' })
    expect(await page.title()).toContain('bike: 16 posts')
    expect(await page.locator('.filters [role=status]').textContent()).toBe('16 posts for “bike” in the United States')
    expect(await page.getByRole('checkbox', { name: 'Good' }).evaluate(box => box === document.activeElement)).toBe(
      true,
    )
    expect(await page.getByRole('link', { name: 'Good remove' }).getAttribute('href')).toBe('/search?country=US&q=bike')
    await page.getByLabel('Sort').selectOption({ label: 'Newest' })
    await heading(page, '14 posts for “bike”')
    expect(queryOf(page).sort).toBe('newest')
    await page.context().close()
  })

  it('leave one entry in the history each, and come back with their state and place', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/search?q=bike`)
    const before = await page.evaluate(() => history.length)
    await page.getByRole('checkbox', { name: 'Good' }).check()
    await heading(page, '16 posts for “bike”')
    await page.evaluate(() => scrollTo(0, 300))
    await page.waitForFunction(() => history.state?.y === 300)
    await page.getByRole('checkbox', { name: 'Worn' }).evaluate(box => (box as HTMLElement).click())
    await heading(page, '14 posts for “bike”')
    // The form is sent as it is already: nothing new.
    await page.getByRole('button', { name: /^Show/ }).click()
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate(() => history.length)).toBe(before + 2)
    await page.evaluate(() => scrollTo(0, 0))
    await page.goBack()
    await heading(page, '16 posts for “bike”')
    expect(await page.getByRole('checkbox', { name: 'Good' }).isChecked()).toBe(true)
    expect(await page.getByRole('checkbox', { name: 'Worn' }).isChecked()).toBe(false)
    await page.waitForFunction(() => scrollY === 300)
    await page.goBack()
    await heading(page, '18 posts for “bike”')
    await page.goForward()
    await heading(page, '16 posts for “bike”')
    await page.reload()
    expect(await page.getByRole('checkbox', { name: 'Good' }).isChecked()).toBe(true)
    await page.context().close()
  })

  it('keep what is typed meanwhile, say what is wrong, and style a list that comes out empty', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/search?q=bike`)
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    await page.route(/min=5/, route => held.then(() => route.continue()))
    await page.getByLabel('Lowest price').fill('5')
    await page.getByLabel('Lowest price').press('Tab')
    await page.keyboard.type('70')
    release()
    await heading(page, '16 posts for “bike”')
    const most = page.getByLabel('Highest price')
    expect([await most.inputValue(), await most.evaluate(field => field === document.activeElement)]).toEqual([
      '70',
      true,
    ])
    await most.press('Tab')
    await heading(page, '14 posts for “bike”')
    await most.fill('')
    await page.getByLabel('Lowest price').fill('abc')
    await page.keyboard.press('Enter')
    await page.getByText('Lowest price must be an amount in USD.').first().waitFor()
    expect(await page.getByLabel('Lowest price').inputValue()).toBe('abc')
    expect(await page.locator('.filters [role=status]').textContent()).toBe(
      '“bike” A filter needs another look Lowest price must be an amount in USD.',
    )
    expect(
      await page.getByLabel('Lowest price').evaluate(field => {
        return document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent
      }),
    ).toBe('Lowest price must be an amount in USD.')
    await page.getByLabel('Lowest price').fill('999')
    await page.keyboard.press('Enter')
    await heading(page, 'Nothing for “bike”')
    expect(await page.locator('.empty').evaluate(empty => getComputedStyle(empty).display)).toBe('grid')
    await page.context().close()
  })

  it('are lifted by their chips at once, and the focus goes on to the next, then to the heading', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/search?q=bike&condition=good&condition=worn`)
    await page.evaluate(() => Object.assign(window, { same: true }))
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())
    await page.locator('.chips a').first().press('Enter')
    await heading(page, '16 posts for “bike”')
    expect(queryOf(page)).toEqual({ q: 'bike', condition: 'worn', country: 'US' })
    await expect.poll(focused).toBe('Worn remove')
    await page.getByRole('link', { name: 'Clear all' }).press('Enter')
    await heading(page, '18 posts for “bike”')
    await expect.poll(focused).toBe('18 posts for “bike”')
    await page.goBack()
    await heading(page, '16 posts for “bike”')
    expect(await page.evaluate(() => 'same' in window)).toBe(true)
    await page.context().close()
  })

  it('use the words that stand above, sent or not', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/search?q=bike`)
    await page.locator('#what').fill('tandem')
    await page.locator('#where').fill('Bern')
    await page.getByRole('checkbox', { name: 'Good' }).check()
    await heading(page, '16 posts for “tandem”')
    expect(await page.locator('#what').inputValue()).toBe('tandem')
    expect(await page.locator('#where').inputValue()).toBe('Bern')
    await page.locator('#what').fill('trike')
    // By keyboard: what is suggested may lie upon it.
    await page.getByRole('link', { name: 'Good remove' }).press('Enter')
    await heading(page, '18 posts for “trike”')
    await page.goBack()
    await heading(page, '16 posts for “tandem”')
    expect(await page.locator('#what').inputValue()).toBe('tandem')
    await page.context().close()
  })

  it('leave the list as it is without a connection, say so, and can be tried again', async () => {
    const page = await site.open(390)
    await page.goto(`${site.url}/search?q=bike`)
    await page.route(/condition=good/, route => route.abort())
    await page.locator('#filters [value=good]').evaluate(box => (box as HTMLElement).click())
    const line = page.locator('.offline')
    await line.waitFor()
    expect(await line.textContent()).toContain('No connection')
    expect(await page.locator('.filters [role=status]').textContent()).toContain('No connection')
    await heading(page, '18 posts for “bike”')
    expect(queryOf(page).condition).toBeUndefined()
    await page.unroute(/condition=good/)
    await line.getByRole('link', { name: 'Try again' }).click()
    await heading(page, '16 posts for “bike”')
    expect(await line.count()).toBe(0)
    await page.context().close()
  })

  it('go to the page itself when it cannot be read', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/search?q=bike`)
    await page.route(/condition=good/, route =>
      route.request().resourceType() === 'xhr' ? route.fulfill({ json: {} }) : route.continue(),
    )
    await page.getByRole('checkbox', { name: 'Good' }).evaluate(box => (box as HTMLElement).click())
    await page.waitForURL(/condition=good/)
    await heading(page, '16 posts for “bike”')
    await page.context().close()
  })

  it('are a sheet on phones that stays open while it works', async () => {
    const page = await site.open(390)
    await page.goto(`${site.url}/search?q=bike`)
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByRole('checkbox', { name: 'Good' }).check()
    await page.getByRole('button', { name: 'Show 16 posts' }).click()
    await expect.poll(() => page.getByRole('checkbox', { name: 'Good' }).isVisible()).toBe(false)
    await heading(page, '16 posts for “bike”')
    // The button that opened it is another by now.
    await page.waitForFunction(() => document.activeElement?.matches('.chips .open'))
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate(() => document.activeElement?.matches('.chips .open'))).toBe(true)
    await page.context().close()
  })

  it('are a plain form without JavaScript, with an order that its own button applies', async () => {
    const page = await site.open(1280, { javaScriptEnabled: false })
    await page.goto(`${site.url}/search?q=bike`)
    await page.getByRole('checkbox', { name: 'Good' }).check()
    await page.getByRole('checkbox', { name: 'Worn' }).check()
    await page.getByLabel('Sort').selectOption({ label: 'Newest' })
    await page.getByRole('button', { name: 'Sort' }).click()
    const params = new URL(page.url()).searchParams
    expect([params.getAll('condition'), params.get('sort'), params.get('q')]).toEqual([
      ['good', 'worn'],
      'newest',
      'bike',
    ])
    await page.getByLabel('What').fill('tandem')
    await page.getByRole('button', { name: 'Find' }).click()
    expect(new URL(page.url()).searchParams.get('q')).toBe('tandem')
    await page.context().close()
  })
})

describe.each([320, 390, 1280])('the search page at %i px', width => {
  it.each(['light', 'dark'] as const)('passes axe and does not scroll sideways, %s', async colorScheme => {
    const page = await site.open(width, { colorScheme, reducedMotion: 'reduce' })
    for (const name of Object.keys(pages).filter(each => each.startsWith('search'))) {
      await page.goto(`${site.url}/${name}`)
      expect(await axeFaults(page), name).toEqual([])
      expect(await overflowOf(page), `${name} scrolls sideways`).toBeLessThanOrEqual(0)
    }
    expect(site.said.filter(line => !line.includes('net::ERR_FAILED'))).toEqual([])
    await page.context().close()
  })
})
