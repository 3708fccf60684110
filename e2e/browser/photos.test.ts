import type { Browser, BrowserContext, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { launchChromium } from './chromium.ts'
import { submit } from './forms.ts'

const stack = inject('stack')
let browser: Browser
const problems: string[] = []

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

describe('photos of a post', () => {
  test('twelve are picked at once, one fails and is sent again, and a visitor sees them', {
    timeout: 300_000,
  }, async () => {
    const page = await (await open()).newPage()
    watch(page)
    await signIn(page, 0)
    await writeDraft(page, 'Red kettle with a long history')
    const failed = await failOnce(page)
    const picked = await Promise.all(Array.from({ length: 12 }, (_, index) => photo(index)))
    await page.locator('.add input[multiple]').setInputFiles(picked)
    expect(await page.locator('.tile').count()).toBe(12)
    await page.getByRole('progressbar').first().waitFor()
    await page.locator('.tile').getByText('The connection broke').waitFor({ timeout: 60_000 })
    expect(failed()).toBe(1)
    await eventually(() => page.locator('.tile.ready').count()).toBe(11)
    await page
      .locator('.tile')
      .getByRole('button', { name: /^Try again/ })
      .click()
    await eventually(() => page.locator('.tile.ready').count()).toBe(12)
    const names = () => page.locator('.tile').evaluateAll(tiles => tiles.map(tile => tile.getAttribute('data-key')))

    // Order and deletion survive a new page.
    const before = await names()
    await page.getByRole('button', { name: 'Move photo 2 earlier' }).click()
    await page.getByText('it is the cover').waitFor()
    await page.getByRole('button', { name: 'Edit photo 12' }).click()
    await page.getByRole('dialog', { name: 'Photo 12' }).locator('summary').click()
    await page.getByRole('button', { name: 'Delete for good' }).filter({ visible: true }).click()
    await page.getByText('The photo is deleted.').waitFor()
    expect(await names()).toEqual([before[1], before[0], ...before.slice(2, 11)])
    await page.getByRole('button', { name: 'Edit photo 1', exact: true }).click()
    await page
      .getByRole('dialog', { name: 'Photo 1', exact: true })
      .getByLabel('What it shows')
      .fill('The kettle from its left')
    await page.getByRole('dialog', { name: 'Photo 1', exact: true }).getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.reload()
    await eventually(() => page.locator('.tile.ready img').count()).toBe(11)
    // The first was the second, whose colour is its own.
    expect(await colourOf(page, page.locator('.tile img').first())).toBe(1)

    await page.locator('[data-next]').click()
    await page.getByRole('heading', { name: 'This is how it will look' }).waitFor()
    await submit(page, page.locator('main form[action$="/publish"]'))
    const address = page.url().split('?')[0] ?? ''
    expect(new URL(address).pathname).toMatch(/red-kettle/)

    const visitor = await (await open()).newPage()
    watch(visitor)
    await visitor.goto(address)
    await visitor.locator('.frame').getByText('1 / 11').waitFor()
    const cover = visitor.getByRole('img', { name: 'The kettle from its left' }).first()
    await eventually(() => cover.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0)
    // It was photographed on its side: higher than wide once it stands.
    expect(
      await cover.evaluate(
        image => (image as HTMLImageElement).naturalHeight > (image as HTMLImageElement).naturalWidth,
      ),
    ).toBe(true)
    const bytes = await visitor.request.get(await cover.evaluate(image => (image as HTMLImageElement).currentSrc))
    expect((await sharp(await bytes.body()).metadata()).exif).toBeUndefined()
    await visitor.goto(`${stack.site}/c/bicycles?radius=any`)
    expect(await visitor.locator('.cards img').count()).toBeGreaterThan(0)
    expect(problems).toEqual([])
  })

  test('one after the other is sent, moved, described and deleted without JavaScript', {
    timeout: 180_000,
  }, async () => {
    const page = await (await open({ javaScriptEnabled: false })).newPage()
    await signIn(page, 1)
    await writeDraft(page, 'Blue kettle of the same maker')
    for (const index of [0, 1, 2]) {
      await page.locator('.send [name=alt]').fill(`Side ${index}`)
      await page.locator('.send [name=file]').setInputFiles(await photo(index))
      await submit(page, page.locator('.send'))
      expect(await page.textContent('main')).toContain('Your photo has arrived')
    }
    await eventually(async () => {
      await page.reload()
      return page.locator('.tile.ready').count()
    }).toBe(3)
    expect(await page.locator('.tile img').first().getAttribute('alt')).toBe('Side 0')
    await press(page, 'Move photo 2 earlier')
    expect(await page.locator('.tile img').first().getAttribute('alt')).toBe('Side 1')
    await page.getByRole('button', { name: 'Edit photo 3' }).click()
    await page.getByRole('dialog', { name: 'Photo 3' }).locator('summary').click()
    await press(page, 'Delete for good')
    expect(await page.locator('.tile').count()).toBe(2)
    await page.getByRole('button', { name: 'Edit photo 1' }).click()
    await page.getByRole('dialog', { name: 'Photo 1' }).getByLabel('What it shows').fill('The lid')
    await press(page, 'Save')
    expect(await page.locator('.tile img').first().getAttribute('alt')).toBe('The lid')

    // What is no picture is refused in words, and what was written beside it stays.
    await page.locator('.send [name=alt]').fill('Kept')
    await page
      .locator('.send [name=file]')
      .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<html>') })
    await submit(page, page.locator('.send'))
    expect(await page.locator('.send [role=alert]').textContent()).toBeTruthy()
    expect(await page.locator('.send [name=alt]').inputValue()).toBe('Kept')

    await page.locator('[data-next]').click()
    await submit(page, page.locator('main form[action$="/publish"]'))
    const visitor = await (await open({ javaScriptEnabled: false })).newPage()
    await visitor.goto(page.url().split('?')[0] ?? '')
    expect(await visitor.locator('.strip img').first().getAttribute('alt')).toBe('The lid')
    expect(await visitor.locator('.strip a').count()).toBe(2)
    const whole = await visitor.request.get(
      stack.site + (await visitor.locator('.strip a').first().getAttribute('href')),
    )
    expect([whole.status(), whole.headers()['content-type']]).toEqual([200, 'image/jpeg'])
  })
})

function open(options: object = {}): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-US', ...options })
}

/** Anything on the console but what a planted fault says is a fault. */
function watch(page: Page): void {
  page.on('pageerror', error => problems.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error' && !/ERR_FAILED/.test(message.text())) problems.push(message.text())
  })
}

async function signIn(page: Page, index: number): Promise<void> {
  const login = stack.logins.filter(({ region, role }) => region === 'na' && role === 'member')[index]
  await page.goto(`${stack.site}/sign-in`)
  const form = page.locator('main form[action="/sign-in"]')
  await form.locator('[name=email]').fill(login?.email ?? '')
  await form.locator('[name=password]').fill(login?.password ?? '')
  await submit(page, form)
}

/** Writes what is sold, and goes on to its photos. */
async function writeDraft(page: Page, title: string): Promise<void> {
  await page.goto(`${stack.site}/sell?category=bicycles`)
  const form = page.locator('form[action^="/sell"]')
  await form.locator('[name=title]').fill(title)
  await form.locator('[name=priceAmount]').fill('12')
  await form.locator('[name=placeQuery]').fill('Brooklyn, NY')
  await submit(page, form, 'photos')
  expect(new URL(page.url()).pathname).toMatch(/^\/posts\/na_[0-9a-z]{26}\/photos$/)
}

/** Lets the connection to the bucket break for the third file, once. @returns how often it did */
async function failOnce(page: Page): Promise<() => number> {
  let seen = 0
  let broken = 0
  await page.route(
    url => url.origin !== stack.site,
    route => {
      if (route.request().method() === 'POST' && ++seen === 3) {
        broken += 1
        return route.abort()
      }
      return route.continue()
    },
  )
  return () => broken
}

const colours = [
  '#c0392b',
  '#2471a3',
  '#1e8449',
  '#b7950b',
  '#6c3483',
  '#117a65',
  '#935116',
  '#34495e',
  '#d35400',
  '#7d6608',
  '#4a235a',
  '#0e6251',
]

/** A colour of its own, lying on its side, with the orientation and a place in its EXIF. */
async function photo(index: number) {
  const create = { width: 1600, height: 1200, channels: 3, background: colours[index] ?? '#000' } as const
  const buffer = await sharp({ create })
    .withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '40/1 39/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  return { name: `IMG_${index}.jpg`, mimeType: 'image/jpeg', buffer }
}

/** Which of the photos a picture is, by its colour. */
async function colourOf(page: Page, image: ReturnType<Page['locator']>): Promise<number> {
  const reply = await page.request.get(await image.evaluate(element => (element as HTMLImageElement).src))
  const { channels } = await sharp(await reply.body()).stats()
  const mean = channels.map(channel => channel.mean)
  const distances = colours.map(colour =>
    [1, 3, 5].reduce(
      (sum, at, index) => sum + Math.abs(Number.parseInt(colour.slice(at, at + 2), 16) - (mean[index] ?? 0)),
      0,
    ),
  )
  return distances.indexOf(Math.min(...distances))
}

async function press(page: Page, name: string): Promise<void> {
  const button = page.getByRole('button', { name }).filter({ visible: true }).first()
  await Promise.all([page.waitForEvent('framenavigated', { timeout: 20_000 }), button.click()])
  await page.waitForLoadState('load')
}

/** Photos are prepared beside everything else that a small machine does. */
function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 90_000, interval: 500 })
}
