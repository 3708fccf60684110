import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FixtureSite, startSite } from './testing/site.ts'

let site: FixtureSite
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.stop())

describe('the photos of a post', () => {
  it('are a strip with a count, arrows, keys and small ones that lead to each', async () => {
    const page = await site.open(1280)
    await page.goto(`${site.url}/post`)
    const frame = page.locator('.frame')
    await frame.getByText('1 / 4').waitFor()
    expect(await frame.getByRole('button', { name: 'Previous photo' }).isVisible()).toBe(false)
    await frame.getByRole('button', { name: 'Next photo' }).click()
    await frame.getByText('2 / 4').waitFor()
    expect(await frame.getByRole('status').textContent()).toBe('Photo 2 of 4')
    await eventually(() => seenIn(frame)).toEqual(['Photo 2 of 4: Steel touring bike, 56 cm, new chain'])
    await frame.getByRole('link').nth(1).press('ArrowRight')
    await frame.getByText('3 / 4').waitFor()
    // The focus is on what is seen, so that Enter opens that one.
    await eventually(() => frame.getByRole('link').nth(2).evaluate(isFocused)).toBe(true)
    await page.getByRole('link', { name: 'Photo 4', exact: true }).click()
    await frame.getByText('4 / 4').waitFor()
    expect(await page.locator('.thumbs [aria-current]').getAttribute('aria-label')).toBe('Photo 4')
    expect(await frame.getByRole('button', { name: 'Next photo' }).isVisible()).toBe(false)
    await page.context().close()
  })

  it('fill the screen, turn by keys, say so, and give the focus back to the one seen last', async () => {
    const page = await site.open(390)
    await page.goto(`${site.url}/post`)
    await page.locator('.frame').getByText('1 / 4').waitFor()
    await page.locator('.strip a').first().press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Photos' })
    await dialog.getByText('1 / 4').waitFor()
    await eventually(() => dialog.getByRole('button', { name: 'Close' }).evaluate(isFocused)).toBe(true)
    expect(await dialog.locator('.caption').textContent()).toBe('The bike from the left, leaning on a wall')
    expect(await dialog.getByRole('status').textContent()).toMatch(/^Photo 1 of 4: The bike/)
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    await dialog.getByText('3 / 4').waitFor()
    expect(await dialog.locator('img').evaluate(image => (image as HTMLImageElement).currentSrc)).toMatch(/webp$/)
    await page.keyboard.press('Escape')
    expect(await dialog.isVisible()).toBe(false)
    await eventually(() => page.locator('.strip a').nth(2).evaluate(isFocused)).toBe(true)
    await page.locator('.frame').getByText('3 / 4').waitFor()
    await page.context().close()
  })

  it('grow by buttons, keys, a double click and two fingers, and move about but never away', async () => {
    const page = await site.open(390, { hasTouch: true })
    await page.goto(`${site.url}/post`)
    await page.locator('.frame').getByText('1 / 4').waitFor()
    await page.locator('.strip a').first().click()
    const dialog = page.getByRole('dialog', { name: 'Photos' })
    await dialog.getByRole('button', { name: 'Zoom in' }).click()
    expect(await scaleOf(dialog)).toBeCloseTo(1.5)
    await page.keyboard.press('-')
    expect(await scaleOf(dialog)).toBe(1)
    await dialog.locator('.stage').dblclick()
    expect(await scaleOf(dialog)).toBe(2.5)
    await drag(page, [200, 400], [2000, 400])
    const { x, right } = await boxOf(dialog)
    expect([x <= 0, right >= 390]).toEqual([true, true])
    await page.keyboard.press('0')
    await pinch(page, 40, 120)
    expect(await scaleOf(dialog)).toBeCloseTo(3, 0)
    await page.keyboard.press('0')
    await drag(page, [300, 400], [100, 410])
    await dialog.getByText('2 / 4').waitFor()
    await page.context().close()
  })

  it('show what they roughly look like until they have come', async () => {
    const page = await site.open(390)
    let release = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    await page.route(/\/media\//, route => held.then(() => route.continue()))
    await page.goto(`${site.url}/post`, { waitUntil: 'domcontentloaded' })
    const canvas = page.locator('.strip canvas').first()
    await canvas.waitFor()
    const painted = await canvas.evaluate(element => {
      const { width, height } = element as HTMLCanvasElement
      const pixels = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
      return new Set(pixels).size
    })
    expect(painted).toBeGreaterThan(10)
    release()
    await canvas.waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('are a strip of links without JavaScript, and nothing moves when they come', async () => {
    const page = await site.open(390, { javaScriptEnabled: false })
    await page.goto(`${site.url}/post`)
    await page.getByRole('link', { name: 'Photo 3', exact: true }).click()
    await eventually(() => seenIn(page.locator('.frame'))).toEqual([expect.stringContaining('Photo 3 of 4')])
    expect(await page.locator('.frame button').first().isVisible()).toBe(false)
    expect(await page.locator('.strip a').first().getAttribute('href')).toMatch(/^\/media\/na_\w+\/1920\.jpg$/)
    await page.context().close()
  })

  it('jump where motion is not wanted, and keep their edges in forced colours', async () => {
    const page = await site.open(1280, { reducedMotion: 'reduce', forcedColors: 'active' })
    await page.goto(`${site.url}/post`)
    await page.locator('.frame').getByText('1 / 4').waitFor()
    const style = (selector: string, name: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element, key) => getComputedStyle(element).getPropertyValue(key), name)
    expect(await style('.strip', 'scroll-behavior')).toBe('auto')
    expect(await style('.frame .round:not(:disabled)', 'border-top-style')).toBe('solid')
    expect(await style('.thumbs [aria-current]', 'outline-style')).toBe('solid')
    await page.context().close()
  })

  it('say nothing on the console', () => {
    expect(site.said).toEqual([])
  })
})

/** The descriptions of the photos that are in sight within the strip. */
async function seenIn(frame: Locator): Promise<string[]> {
  const box = await frame.boundingBox()
  const images = await frame.locator('.strip img').all()
  const seen = await Promise.all(
    images.map(async image => {
      const { x = -9999 } = (await image.boundingBox()) ?? {}
      return Math.abs(x - (box?.x ?? 0)) < 20 ? await image.getAttribute('alt') : null
    }),
  )
  return seen.filter(alt => alt !== null)
}

function scaleOf(dialog: Locator): Promise<number> {
  return dialog.locator('img').evaluate(image => new DOMMatrix(getComputedStyle(image).transform).a)
}

function boxOf(dialog: Locator) {
  return dialog.locator('img').evaluate(image => image.getBoundingClientRect().toJSON() as DOMRect)
}

async function drag(page: Page, [x, y]: [number, number], [toX, toY]: [number, number]): Promise<void> {
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(toX, toY, { steps: 4 })
  await page.mouse.up()
}

/** Two fingers that were so many pixels apart and then so many. */
async function pinch(page: Page, before: number, after: number): Promise<void> {
  await page.locator('.stage').evaluate(
    (stage, apart) => {
      // Fingers that no device has cannot be captured.
      stage.setPointerCapture = () => {}
      const send = (type: string, pointerId: number, clientX: number) =>
        stage.dispatchEvent(new PointerEvent(type, { pointerId, clientX, clientY: 400, bubbles: true }))
      const [from = 0, to = 0] = apart
      send('pointerdown', 11, 195 - from / 2)
      send('pointerdown', 12, 195 + from / 2)
      send('pointermove', 11, 195 - to / 2)
      send('pointermove', 12, 195 + to / 2)
      send('pointerup', 11, 195 - to / 2)
      send('pointerup', 12, 195 + to / 2)
    },
    [before, after],
  )
}

/** Waits for what a slow machine takes its time for, and for what glides into place. */
function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 10_000 })
}

function isFocused(element: Element): boolean {
  return element === document.activeElement
}
