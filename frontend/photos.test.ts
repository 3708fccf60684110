import { describe, expect, it } from 'vitest'
import { Refusal } from '../shared/image-client.ts'
import type { ImageProblem } from '../shared/media.ts'
import { shortColor, srcsetOf } from './components/Photo.tsx'
import { assets, imageOf, ownImageOf, pages, postOf, shell } from './fixtures.ts'
import { createLane } from './islands/photos/lane.ts'
import { coverOf, idsOf, moved, pickedTile, standing, withOwn } from './islands/photos/tiles.ts'
import { faultOf, faults } from './islands/photos/words.ts'
import type { PhotosPage, PostPage } from './page-model.ts'
import { tileOf } from './photo-tile.ts'
import { renderDocument } from './render.tsx'

const render = (page: PostPage) => renderDocument(shell, page, assets)
const postPage = (images = [imageOf(1), imageOf(2)], title = 'Bike'): PostPage => ({
  name: 'post',
  post: postOf(0, { title, images }),
  own: null,
  more: [],
  usual: null,
  notice: null,
})

describe('a photo', () => {
  it('names its variants with their real widths, and none that it does not have', () => {
    const small = imageOf(3)
    expect(small.width).toBe(900)
    expect(srcsetOf(small, 'webp', 1920)).toBe(
      `/media/${small.id}/320.webp 320w,/media/${small.id}/640.webp 640w,/media/${small.id}/1280.webp 900w`,
    )
    expect(srcsetOf(small, 'jpg', 320)).toBe(`/media/${small.id}/320.jpg 320w`)
  })

  it('lies over twelve bits of its dominant colour', () => {
    expect(['#000000', '#ffffff', '#8fa3ad', '#07f8f7'].map(shortColor)).toEqual(['#000', '#fff', '#8aa', '#0ff'])
  })

  it('waits until it is near, but the first row of cards and the cover of a post', () => {
    const html = renderDocument(shell, pages.category?.page ?? postPage(), assets)
    const images = [...html.matchAll(/<img [^>]*>/g)].map(([tag]) => tag)
    expect(images.map(tag => tag.includes('loading="lazy"')).indexOf(true)).toBe(4)
    expect(images.slice(4).every(tag => tag.includes('loading="lazy"'))).toBe(true)
    expect(images.every(tag => / alt(=""|[ >])/.test(tag) && / width="\d+" height="\d+"/.test(tag))).toBe(true)
    const [cover, second] = [...render(postPage()).matchAll(/<img [^>]*>/g)].map(([tag]) => tag)
    expect(cover).toContain('fetchpriority="high"')
    expect(cover).not.toContain('loading=')
    expect(second).toContain('loading="lazy"')
  })

  it('is described by its seller, else by its place among the others', () => {
    const html = render(postPage([imageOf(1, { alt: 'The "saddle"' }), imageOf(2)], 'Bike <b>'))
    expect(html).toContain('alt="The &quot;saddle&quot;"')
    expect(html).toContain('alt="Photo 2 of 2: Bike &lt;b>"')
  })
})

describe('what other sites read of a post', () => {
  it('is its cover with its size, and a product with every photo and its price', () => {
    const page = postPage()
    const html = render(page)
    const [first, second] = page.post.images
    expect(html).toContain(
      `<meta property="og:image" content="https://classifyhub.example/media/${first?.id}/1280.jpg"`,
    )
    expect(html).toMatch(/og:image:width" content="1280"/)
    const json = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html)?.[1] ?? ''
    expect(JSON.parse(json)).toMatchObject({
      '@type': 'Product',
      image: [first, second].map(image => `https://classifyhub.example/media/${image?.id}/1280.jpg`),
      offers: { price: '380.00', priceCurrency: 'USD', availability: 'https://schema.org/InStock' },
    })
  })

  it('cannot end its element, and is not there where nothing may be indexed', () => {
    const nasty = postPage([], '</script><script>alert(1)</script>')
    expect(render(nasty)).not.toContain('<script>alert')
    expect(render(nasty)).not.toContain('og:image')
    const sold = { ...postPage(), post: postOf(0, { status: 'sold', images: [imageOf(1)] }) }
    expect(render(sold)).not.toMatch(/ld\+json|og:/)
  })
})

describe('the tiles of a batch', () => {
  const file = new File(['x'], 'a.jpg')
  const [one, two] = [tileOf(ownImageOf(1)), tileOf(ownImageOf(2))]

  it('take what the origin says, but not about what is on its way here', () => {
    const sending = pickedTile('k', file, { id: one.id, state: 'sending', progress: 40 })
    const announced = ownImageOf(1, { state: 'uploading', image: null, alt: 'Saddle' })
    expect(withOwn([sending], [announced])).toEqual([{ ...sending, alt: 'Saddle' }])
    const arrived = withOwn([{ ...sending, state: 'processing', preview: 'blob:x' }], [ownImageOf(1)])
    expect(arrived).toMatchObject([{ key: 'k', state: 'ready', preview: 'blob:x', again: true }])
  })

  it('keep what was said of one that failed, and offer again only what another try may help', () => {
    const failed = (problem: ImageProblem) => ownImageOf(1, { state: 'failed', problem, image: null })
    const refused = pickedTile('k', file, { id: one.id, state: 'failed', fault: 'This is a HEIC photo.', again: false })
    expect(withOwn([refused], [failed('unsupported')])).toEqual([refused])
    const prepared = pickedTile('k', file, { id: one.id, state: 'processing' })
    const again = (problem: ImageProblem) => withOwn([prepared], [failed(problem)]).map(tile => tile.again)
    expect([again('unreadable'), again('too_slow')]).toEqual([[false], [true]])
    expect(coverOf([refused, two])).toBe(two)
  })

  it('drop what is gone, keep what can still be sent, and stand in the origin’s order', () => {
    const unsent = pickedTile('u', file, { id: 'na_swept', state: 'unsent' })
    const picked = pickedTile('p', file)
    expect(withOwn([one, two, unsent, picked], [ownImageOf(2)]).map(({ key }) => key)).toEqual([two.key, 'u', 'p'])
    expect(withOwn([one, two], [ownImageOf(2), ownImageOf(1)]).map(({ key }) => key)).toEqual([two.key, one.key])
  })

  it('move to any place, and never out of the list', () => {
    const three = pickedTile('p', file)
    const keys = (to: number) => moved([one, two, three], one.key, to).map(({ key }) => key)
    expect([keys(1), keys(9), keys(-1)]).toEqual([
      [two.key, one.key, 'p'],
      [two.key, 'p', one.key],
      [one.key, two.key, 'p'],
    ])
    expect(idsOf([one, three, two])).toEqual([one.id, two.id])
  })

  it('say in one line how they stand', () => {
    expect(standing([one])).toBe('')
    const some = [pickedTile('a', file), { ...one, state: 'processing' as const }, { ...two, state: 'failed' as const }]
    expect(standing(some)).toBe('1 on the way, 1 being prepared, 1 in need of a look.')
  })
})

describe('a form of a photo that was refused', () => {
  const problem = 'A post holds 12 photos. Delete one to add another'

  it('is said before the photos, also where the form is closed or not there', () => {
    const full = pages['photos-full']?.page as PhotosPage
    const first = (page: PhotosPage) => renderDocument(shell, page, assets).split('<ul class="tiles"')[0] ?? ''
    expect(first(full)).toMatch(/role="alert".*Photo 2: What it shows must have at most 250 characters\./)
    const unsent = first({ ...full, refused: { image: null, form: { values: {}, errors: {}, problem } } })
    expect(unsent).toMatch(/role="alert".*Delete one to add another\./)
    expect(first({ ...full, refused: null })).not.toContain('role="alert"')
  })
})

describe('createLane', () => {
  it('lets so many at a time pass, in order, also after one that failed', async () => {
    const lane = createLane(2)
    const begun: number[] = []
    const ends: (() => void)[] = []
    const run = (n: number) =>
      lane(async () => {
        begun.push(n)
        await new Promise<void>(end => ends.push(end))
        if (n === 0) throw new Error('no')
      })
    const all = Promise.allSettled([0, 1, 2, 3].map(run))
    await Promise.resolve()
    expect(begun).toEqual([0, 1])
    for (let ended = 0; ended < 4; ended++) {
      ends[ended]?.()
      await new Promise(resolve => setTimeout(resolve))
    }
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled'])
    expect(begun).toEqual([0, 1, 2, 3])
  })
})

describe('faultOf', () => {
  it('tells people what to do, and whether the same file may go once more', () => {
    const about = (error: unknown) => {
      const { message, again } = faultOf(error)
      return [message, again]
    }
    expect(about(new TypeError('Failed to fetch'))).toEqual([faults.offline, true])
    expect(about(new Refusal(401, {}))).toEqual([faults.signedOut, true])
    expect(about(new Refusal(503, { detail: 'pool' }))).toEqual([faults.ours, true])
    expect(about(new Refusal(409, { code: 'too_many_images', detail: 'Delete one first' }))).toEqual([
      'Delete one first.',
      false,
    ])
    expect(about(new Refusal(429, { code: 'rate_limited', title: 'Too many requests' }))[1]).toBe(true)
  })
})
