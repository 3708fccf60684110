import { describe, expect, it } from 'vitest'
import { assets, postOf, shell } from './fixtures.ts'
import { renderDocument } from './render.tsx'

const render = (
  amount: number | null,
  [low, high]: [number, number] = [20_000, 35_000],
  locale: 'en-US' | 'de-DE' = 'en-US',
) => {
  const price = amount === null ? null : { amount, currency: 'USD' }
  const post = postOf(0, { price, priceKind: price ? 'fixed' : 'on_request' })
  const usual = { currency: 'USD', low, median: low, high, count: 14 }
  const html = renderDocument(
    { ...shell, locale },
    { name: 'post', post, own: null, more: [], usual, notice: null },
    assets,
  )
  const [, inside = ''] = /<div class="usual">(.*?)<\/div>/s.exec(html) ?? []
  const text = inside
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return {
    text,
    dot: Number(/cx="([\d.]+)%"/.exec(inside)?.[1]),
    range: /x="([\d.]+)%".*?width="([\d.]+)%"/.exec(inside),
  }
}

describe('UsualPrice', () => {
  it('says the range, of how many, and where this one stands', () => {
    expect(render(38_000).text).toBe('Usual price here: $200–$350 From 14 posts like it; this one is above that')
    expect(render(20_000).text).toContain('this one is within that')
    expect(render(35_000).text).toContain('this one is within that')
    expect(render(19_999).text).toContain('this one is below that')
    expect(render(20_000, [20_000, 20_000]).text).toContain('Usual price here: $200 From')
    expect(render(38_000, [20_000, 35_000], 'de-DE').text).toContain('200 $–350 $')
  })

  it('draws a dot that stands to the band as the price to the range, however far out', () => {
    for (const [amount, range] of [
      [0, [20_000, 35_000]],
      [27_000, [20_000, 35_000]],
      [10 ** 12, [20_000, 35_000]],
      [500, [500, 500]],
      [1, [1, 1]],
    ] as const) {
      const { dot, range: drawn } = render(amount, [...range])
      const [x, width] = [Number(drawn?.[1]), Number(drawn?.[2])]
      expect(dot).toBeGreaterThanOrEqual(3)
      expect(dot).toBeLessThanOrEqual(97)
      expect(x + width).toBeLessThanOrEqual(100)
      expect(dot < x).toBe(amount < range[0])
      expect(dot > x + width).toBe(amount > range[1])
    }
  })

  it('draws nothing where the post names no price', () => {
    expect(render(null)).toMatchObject({ text: 'Usual price here: $200–$350 From 14 posts like it', dot: Number.NaN })
  })
})
