import { describe, expect, it } from 'vitest'
import { blurPoint, type Point } from './blur.ts'

const key = Buffer.alloc(32, 7)
const home = { lat: 40.71277, lon: -74.00597 }

describe('blurPoint', () => {
  it('gives one point for all posts of one home', () => {
    const metre = 1 / 111_200
    const around = [0, 1, 2, 3].map(i => ({ lat: middleOfCell(home).lat + i * metre, lon: home.lon }))
    const shown = around.map(point => JSON.stringify(blurPoint(key, 'na_1', point)))
    expect(new Set(shown).size).toBe(1)
  })

  it.each([
    home,
    { lat: 0, lon: 0 },
    { lat: -54.8, lon: -68.3 },
    { lat: 69.6, lon: 18.9 },
    { lat: 1.29, lon: 103.85 },
    { lat: -16.8, lon: 179.9999 },
    { lat: -16.8, lon: -180 },
    { lat: 89.99, lon: 10 },
    { lat: -90, lon: 0 },
  ])('lies about a kilometre from $lat, $lon, on the map', point => {
    const shown = blurPoint(key, 'na_1', point)
    expect(Math.abs(shown.lat)).toBeLessThanOrEqual(90)
    expect(Math.abs(shown.lon)).toBeLessThanOrEqual(180)
    expect(distance(point, shown)).toBeGreaterThan(600)
    expect(distance(point, shown)).toBeLessThan(1400)
  })

  it('tells nothing of the next cell, of another account or under another key', () => {
    const vector = (shown: Point) => [shown.lat - home.lat, shown.lon - home.lon].map(n => n.toFixed(4)).join()
    const next = blurPoint(key, 'na_1', { lat: home.lat + 0.0009, lon: home.lon })
    const vectors = [
      vector(blurPoint(key, 'na_1', home)),
      vector({ lat: next.lat - 0.0009, lon: next.lon }),
      vector(blurPoint(key, 'na_2', home)),
      vector(blurPoint(Buffer.alloc(32, 8), 'na_1', home)),
    ]
    expect(new Set(vectors).size).toBe(4)
  })

  it('shows no side of the compass more than another', () => {
    const count = 4000
    const shown = Array.from({ length: count }, (_, i) => blurPoint(key, `na_${i}`, home))
    const north = shown.filter(point => point.lat > home.lat).length
    const east = shown.filter(point => point.lon > home.lon).length
    for (const side of [north, east]) expect(Math.abs(side / count - 0.5)).toBeLessThan(0.04)
  })
})

function middleOfCell({ lat, lon }: Point): Point {
  return { lat: (Math.floor(lat / 0.0009) + 0.3) * 0.0009, lon }
}

function distance(a: Point, b: Point): number {
  const [phi, psi] = [a.lat, b.lat].map(degrees => (degrees * Math.PI) / 180) as [number, number]
  const turn = ((b.lon - a.lon) * Math.PI) / 180
  const h = Math.sin((psi - phi) / 2) ** 2 + Math.cos(phi) * Math.cos(psi) * Math.sin(turn / 2) ** 2
  return 2 * 6_371_009 * Math.asin(Math.sqrt(h))
}
