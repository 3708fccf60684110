import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownImageOf, ownOf } from './fixtures.ts'
import { axeFaults, overflowOf } from './testing/axe.ts'
import { createPhotoApi } from './testing/photo-api.ts'
import { type FixtureSite, startSite } from './testing/site.ts'

let site: FixtureSite
beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site?.stop())

const action = `/posts/${ownOf(0, 'draft').id}/photos`

describe('picking photos', () => {
  it('sends them in the order they were picked, at most three at a time, small and upright', async () => {
    const api = createPhotoApi(site)
    const page = await openPhotos('photos-none')
    const release = api.hold()
    await pick(
      page,
      await Promise.all([0, 1, 2, 3, 4].map(index => photo(index, { width: 3000, height: 2000, turned: index === 0 }))),
    )
    expect(await page.locator('.tile').count()).toBe(5)
    expect(await page.locator('.tile .ph img').first().evaluate(isDrawn)).toBe(true)
    await eventually(() => api.sent.size).toBe(3)
    expect(await page.getByRole('progressbar').count()).toBeGreaterThan(0)
    expect(await page.locator('.tile.waiting').count()).toBe(2)
    release()
    await eventually(() => api.images().map(({ state }) => state)).toEqual(Array(5).fill('processing'))
    expect(api.mostOpen()).toBe(3)
    expect(api.images().map(({ fileName }) => fileName)).toEqual([0, 1, 2, 3, 4].map(index => `photo ${index}.jpg`))
    const [first, second] = await Promise.all(['na_new1', 'na_new2'].map(id => sharp(api.sent.get(id)).metadata()))
    expect([first?.width, first?.height, first?.orientation]).toEqual([1707, 2560, undefined])
    expect([second?.width, second?.height, second?.format]).toEqual([2560, 1707, 'jpeg'])
    api.finish()
    await eventually(() => page.locator('.tile.ready').count()).toBe(5)
    expect(await page.locator('[data-next]').textContent()).toBe('Next: preview')
    expect(await page.locator('.batch').getByRole('status').textContent()).toBe('All photos are sent.')
    await page.context().close()
  })

  it('keeps what a broken connection left behind, in its place, and sends it again', async () => {
    const api = createPhotoApi(site)
    const page = await openPhotos('photos-none')
    const mend = api.fail(({ path, method }) =>
      method === 'POST' && path.endsWith('/bucket/na_new1') ? 'drop' : undefined,
    )
    await pick(page, [await photo(0), await photo(1)])
    const first = page.locator('.tile').first()
    await first.getByText('The connection broke').waitFor()
    await eventually(() => api.images().at(-1)?.state).toBe('processing')
    expect(await page.locator('.batch').getByRole('status').textContent()).toContain(
      '\u2068photo 0.jpg\u2069: The connection broke',
    )
    mend()
    await first.getByRole('button', { name: 'Try again photo 1' }).click()
    await expect
      .poll(() => api.images().map(({ fileName, state }) => `${fileName} ${state}`))
      .toEqual(['photo 0.jpg processing', 'photo 1.jpg processing'])
    await page.context().close()
  })

  it('goes on by itself when the connection is back', async () => {
    const api = createPhotoApi(site)
    const page = await openPhotos('photos-none')
    const mend = api.fail(() => 'drop')
    await pick(page, [await photo(0)])
    await page.locator('.tile').getByText('The connection broke').waitFor()
    mend()
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await eventually(() => api.images().map(({ state }) => state)).toEqual(['processing'])
    await page.context().close()
  })

  it('passes axe while some are on the way and some have failed, wide and narrow', async () => {
    const api = createPhotoApi(
      site,
      [1, 2, 3, 4, 5].map(index => ownImageOf(index)),
    )
    api.hold()
    api.fail(({ path }) => (/bucket\/na_new[26]$/.test(path) ? { status: 403 } : undefined))
    for (const [width, colorScheme] of [
      [320, 'light'],
      [1280, 'dark'],
    ] as const) {
      const page = await site.open(width, { colorScheme })
      await page.goto(`${site.url}/photos`)
      await page.locator('.batch').waitFor({ state: 'attached' })
      await pick(page, await Promise.all([0, 1, 2, 3].map(index => photo(index))))
      await page.locator('.tile').getByText('It did not arrive.').waitFor()
      await page.locator('.tile.sending').first().waitFor()
      expect(await axeFaults(page)).toEqual([])
      expect(await overflowOf(page)).toBeLessThanOrEqual(0)
      await page.getByRole('button', { name: 'Edit photo 2' }).click()
      await page.getByRole('dialog').waitFor()
      expect(await axeFaults(page)).toEqual([])
      await page.context().close()
    }
  })

  it('stops one that is cancelled, and asks before a page is left with some on the way', async () => {
    const api = createPhotoApi(site)
    const page = await openPhotos('photos-none')
    const release = api.hold()
    await pick(page, [await photo(0), await photo(1)])
    await eventually(() => api.sent.size).toBe(2)
    await page.getByRole('button', { name: 'Cancel photo 1' }).click()
    await eventually(() => api.images().map(({ fileName }) => fileName)).toEqual(['photo 1.jpg'])
    const asked = page.waitForEvent('dialog')
    void page.evaluate(() => location.assign('/home'))
    const dialog = await asked
    expect(dialog.type()).toBe('beforeunload')
    await dialog.dismiss()
    release()
    await page.locator('.tile.processing').waitFor()
    await page.context().close()
  })

  it('offers again after a reload what had not arrived', async () => {
    const api = createPhotoApi(site)
    const page = await openPhotos('photos-none')
    api.hold()
    await pick(page, [await photo(0), await photo(1)])
    await eventually(() => api.sent.size).toBe(2)
    page.on('dialog', dialog => dialog.accept())
    await page.reload()
    await eventually(() => page.locator('.tile.unsent .ph img').count()).toBe(2)
    api.hold()()
    await page.getByRole('button', { name: 'Send what was not sent' }).click()
    await expect
      .poll(() => api.images().map(({ fileName, state }) => `${fileName} ${state}`))
      .toEqual(['photo 0.jpg processing', 'photo 1.jpg processing'])
    api.finish()
    await eventually(() => page.locator('.tile.ready').count()).toBe(2)
    await page.reload()
    await page.locator('.add').waitFor()
    expect(await page.locator('.tile.unsent').count()).toBe(0)
    await page.context().close()
  })

  it('says kindly what cannot be shown, and what does not fit', async () => {
    const api = createPhotoApi(site)
    const page = await openPhotos('photos-none')
    await pick(page, [
      { name: 'IMG_1.HEIC', mimeType: 'image/heic', buffer: Buffer.from('not really one') },
      { name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF') },
      { name: `${'empty'.repeat(60)}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.alloc(0) },
    ])
    await page.locator('.tile').first().getByText('This is a HEIC photo').waitFor()
    await page.locator('.tile').nth(1).getByText('This is no picture').waitFor()
    expect([api.images(), await page.getByRole('button', { name: /Try/ }).count()]).toEqual([[], 0])
    await page.locator('.tile').nth(2).getByText('The file is empty').waitFor()
    for (const _ of [1, 2, 3]) await page.getByRole('button', { name: 'Remove photo 1' }).click()
    await page.getByText('emptyempty').waitFor()
    expect(await overflowOf(page)).toBeLessThanOrEqual(0)
    const one = { ...(await photo(0)), name: `${'long'.repeat(100)}.jpg` }
    await pick(page, Array(14).fill(one))
    expect(await page.locator('.tile').count()).toBe(12)
    await page.getByText('12 photos added. 2 photos left out: a post holds 12.').waitFor()
    await page.getByText('These are all 12 photos').waitFor()
    await eventually(() => api.images().map(({ fileName }) => fileName.slice(-8))).toEqual(Array(12).fill('long.jpg'))
    expect(api.images().every(({ fileName }) => fileName.length === 255)).toBe(true)
    await page.context().close()
  })

  it('sends a file as it is where no worker can be had', async () => {
    const api = createPhotoApi(site)
    const page = await site.open(390)
    await page.addInitScript(() => Object.assign(globalThis, { Worker: undefined }))
    await page.goto(`${site.url}/photos-none`)
    const file = await photo(0, { width: 3000, height: 2000 })
    await pick(page, [file])
    await eventually(() => api.images().map(({ state }) => state)).toEqual(['processing'])
    expect(api.sent.get('na_new1')?.equals(file.buffer)).toBe(true)
    await page.context().close()
  })

  it('takes what is dropped and what is pasted', async () => {
    const api = createPhotoApi(site)
    const page = await openPhotos('photos-none')
    const bytes = [...(await photo(0)).buffer]
    for (const type of ['drop', 'paste'] as const) {
      await page.evaluate(
        ([kind, data]) => {
          const transfer = new DataTransfer()
          transfer.items.add(new File([new Uint8Array(data as number[])], `${kind}.jpg`, { type: 'image/jpeg' }))
          const options = { bubbles: true, cancelable: true, dataTransfer: transfer, clipboardData: transfer }
          const event = kind === 'drop' ? new DragEvent('drop', options) : new ClipboardEvent('paste', options)
          document.body.dispatchEvent(event)
        },
        [type, bytes] as const,
      )
    }
    await eventually(() => api.images().map(({ fileName }) => fileName)).toEqual(['drop.jpg', 'paste.jpg'])
    await page.context().close()
  })
})

describe('photos that are there', () => {
  const some = () => [ownImageOf(1), ownImageOf(2), ownImageOf(3, { state: 'processing', image: null })]

  it('move by keyboard, keeping the focus, and go back when that is refused', async () => {
    const api = createPhotoApi(site, some())
    const page = await openPhotos('photos')
    const ids = () => page.locator('.tile').evaluateAll(tiles => tiles.map(tile => tile.getAttribute('data-key')))
    await eventually(() => page.locator('.tile').count()).toBe(3)
    const [a, b, c] = await ids()
    const later = page.locator(`[data-key="${a}"]`).getByRole('button', { name: /later/ })
    await later.press('Enter')
    expect(await ids()).toEqual([b, a, c])
    await eventually(() => later.evaluate(isFocused)).toBe(true)
    await page.getByText('Photo moved to place 2 of 3.').waitFor()
    await eventually(() => api.images().map(({ id }) => id)).toEqual([b, a, c])
    const mend = api.fail(({ path }) =>
      path.endsWith('/order') ? { status: 409, body: { code: 'conflict', detail: 'They have changed' } } : undefined,
    )
    await later.press('Enter')
    await page.getByText('Not moved: They have changed.').waitFor()
    expect(await ids()).toEqual([b, a, c])
    mend()
    await page.getByRole('button', { name: 'Edit photo 3' }).click()
    await page.getByRole('button', { name: 'Make it the cover' }).click()
    await eventually(() => api.images().map(({ id }) => id)).toEqual([c, b, a])
    await page.getByText('it is the cover').waitFor()
    await page.context().close()
  })

  it('are dragged to another place, and back by Escape', async () => {
    const api = createPhotoApi(site, some())
    const page = await openPhotos('photos', 1280)
    await eventually(() => page.locator('.tile').count()).toBe(3)
    const before = api.images().map(({ id }) => id)
    const centre = async (index: number) => {
      const box = await page.locator('.tile .ph').nth(index).boundingBox()
      return [(box?.x ?? 0) + 80, (box?.y ?? 0) + 80] as const
    }
    await page.mouse.move(...(await centre(0)))
    await page.mouse.down()
    await page.mouse.move(...(await centre(2)), { steps: 5 })
    expect(await page.locator('.held').count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.mouse.up()
    expect(await page.locator('.tile').first().getAttribute('data-key')).toBe(before[0])
    await page.mouse.move(...(await centre(0)))
    await page.mouse.down()
    await page.mouse.move(...(await centre(2)), { steps: 5 })
    await page.mouse.up()
    await eventually(() => api.images().map(({ id }) => id)).toEqual([before[1], before[2], before[0]])
    await page.context().close()
  })

  it('are described and deleted without a new page, the focus going on', async () => {
    const api = createPhotoApi(site, some())
    const page = await openPhotos('photos')
    await eventually(() => page.locator('.tile').count()).toBe(3)
    await page.getByRole('button', { name: 'Edit photo 1' }).click()
    const sheet = page.getByRole('dialog', { name: 'Photo 1' })
    await sheet.getByLabel('What it shows').fill('The saddle')
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    expect([await sheet.isVisible(), api.images()[0]?.alt]).toEqual([false, 'The saddle'])
    await page.getByRole('button', { name: 'Edit photo 2' }).click()
    await page.getByRole('dialog', { name: 'Photo 2' }).locator('summary').click()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('The photo is deleted.').waitFor()
    expect(api.images()).toHaveLength(2)
    await eventually(() => page.getByRole('button', { name: 'Edit photo 2' }).evaluate(isFocused)).toBe(true)
    await page.context().close()
  })

  it('keep what is being typed while others change, and say in sight what was not saved', async () => {
    const api = createPhotoApi(site, some())
    const page = await openPhotos('photos')
    await page.getByText('1 being prepared.').waitFor()
    await page.getByRole('button', { name: 'Edit photo 1' }).click()
    const sheet = page.getByRole('dialog', { name: 'Photo 1' })
    const words = sheet.getByLabel('What it shows')
    await words.fill('The sad')
    api.finish()
    await eventually(() => page.locator('.tile.ready').count()).toBe(3)
    expect(await words.inputValue()).toBe('The sad')
    const mend = api.fail(({ method }) => (method === 'PATCH' ? 'drop' : undefined))
    await sheet.getByRole('button', { name: 'Save' }).click()
    await sheet.getByText('The connection broke. Try it again.').waitFor()
    expect([await words.inputValue(), await words.getAttribute('aria-invalid')]).toEqual(['The sad', 'true'])
    await sheet.getByRole('button', { name: 'Close' }).click()
    const outside = page.locator('.problems').getByText('Photo 1: The connection broke')
    expect(await outside.isVisible()).toBe(true)
    mend()
    await page.getByRole('button', { name: 'Edit photo 1' }).click()
    await sheet.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    expect([api.images()[0]?.alt, await outside.count()]).toEqual(['The sad', 0])
    await page.context().close()
  })

  it('show by themselves what becomes of them', async () => {
    const api = createPhotoApi(site, some())
    const page = await openPhotos('photos')
    await page.getByText('1 being prepared.').waitFor()
    api.finish(() => ({ state: 'failed', problem: 'too_many_pixels' }))
    await page.getByText('at most 50 megapixels').waitFor()
    expect(await page.locator('.tile.processing').count()).toBe(0)
    await page.getByRole('button', { name: 'Remove photo 3' }).press('Enter')
    await eventually(() => api.images()).toHaveLength(2)
    await eventually(() => page.getByRole('button', { name: 'Edit photo 2' }).evaluate(isFocused)).toBe(true)
    await page.context().close()
  })

  it('say nothing on the console', () => {
    const unexpected = site.said.filter(line => !/ERR_EMPTY_RESPONSE|ERR_CONNECTION|status of 40[39]/.test(line))
    expect(unexpected).toEqual([])
  })
})

describe('without a script', () => {
  it('one photo at a time is sent as a form, its words first', async () => {
    const page = await site.open(390, { javaScriptEnabled: false })
    await page.goto(`${site.url}/photos-none`)
    await page.getByLabel('What it shows').fill('The saddle')
    await page.getByLabel('Photo', { exact: true }).setInputFiles(await photo(0))
    const sent: { path: string; body: Buffer }[] = []
    site.on(asked => (asked.method === 'POST' && asked.path === action ? { body: sent.push(asked) } : undefined))
    await page.getByRole('button', { name: 'Send photo' }).click()
    await eventually(() => sent.length).toBe(1)
    expect(sent[0]?.body.toString('latin1')).toMatch(
      /name="alt"[\s\S]*The saddle[\s\S]*name="file"; filename="photo 0.jpg"\r\nContent-Type: image\/jpeg/,
    )
    await page.context().close()
  })

  it('each photo is moved, described and deleted by forms', async () => {
    const page = await site.open(390, { javaScriptEnabled: false })
    await page.goto(`${site.url}/photos`)
    const send = async (act: () => Promise<void>) => {
      const [request] = await Promise.all([page.waitForRequest(each => each.method() === 'POST'), act()])
      await page.goto(`${site.url}/photos`)
      return Object.fromEntries(new URLSearchParams(request.postData() ?? ''))
    }
    const image = ownImageOf(2).id
    expect(await send(() => page.getByRole('button', { name: 'Move photo 2 earlier' }).click())).toEqual({
      image,
      intent: 'up',
    })
    await page.getByRole('button', { name: 'Edit photo 2' }).click()
    const sheet = page.getByRole('dialog', { name: 'Photo 2' })
    await sheet.getByLabel('What it shows').fill('Saddle')
    expect(await send(() => sheet.getByLabel('What it shows').press('Enter'))).toEqual({
      image,
      intent: 'alt',
      alt: 'Saddle',
    })
    await page.getByRole('button', { name: 'Edit photo 2' }).click()
    await sheet.locator('summary').click()
    expect(await send(() => sheet.getByRole('button', { name: 'Delete for good' }).click())).toEqual({
      image,
      intent: 'delete',
    })
    await page.context().close()
  })
})

async function openPhotos(name: string, width = 390): Promise<Page> {
  const page = await site.open(width)
  await page.goto(`${site.url}/${name}`)
  await page.locator('.batch').waitFor({ state: 'attached' })
  return page
}

type Picked = { name: string; mimeType: string; buffer: Buffer }

function pick(page: Page, files: Picked[]): Promise<void> {
  return page.locator('.add input').first().setInputFiles(files)
}

/** A photo as a camera makes it; `turned`: on its side, with the orientation in its EXIF. */
async function photo(index: number, { width = 600, height = 400, turned = false } = {}): Promise<Picked> {
  const create = { width, height, channels: 3, background: { r: 40 * index, g: 120, b: 90 } } as const
  const image = sharp({ create }).withMetadata(turned ? { orientation: 6 } : {})
  return { name: `photo ${index}.jpg`, mimeType: 'image/jpeg', buffer: await image.jpeg({ quality: 100 }).toBuffer() }
}

/** Waits for what a slow machine takes its time for. */
function eventually<T>(read: () => T) {
  return expect.poll(read, { timeout: 10_000 })
}

function isDrawn(image: Element): boolean {
  return (image as HTMLImageElement).naturalWidth > 0
}

function isFocused(element: Element): boolean {
  return element === document.activeElement
}
