import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxAround } from './nearness.ts'

describe('boxAround', () => {
  it('holds every point of the circle, also across the antimeridian and around the poles', () => {
    const degrees = (most: number) => fc.double({ min: -most, max: most, noNaN: true })
    const radius = fc.double({ min: 1, max: 500, noNaN: true })
    const bearing = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true })
    fc.assert(
      fc.property(degrees(90), degrees(180), radius, bearing, (lat, lon, kilometres, towards) => {
        const { south, north, west, east } = boxAround(lat, lon, kilometres)
        const point = gone(lat, lon, towards, kilometres * 0.999)
        expect(point.lat).toBeGreaterThanOrEqual(south - 1e-9)
        expect(point.lat).toBeLessThanOrEqual(north + 1e-9)
        const inside = west <= east ? point.lon >= west && point.lon <= east : point.lon >= west || point.lon <= east
        expect(inside || Math.abs(lat) > 89.99).toBe(true)
      }),
    )
  })
})

function gone(lat: number, lon: number, bearing: number, kilometres: number) {
  const angle = kilometres / 6371.009
  const phi = (lat * Math.PI) / 180
  const sine = Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing)
  const turn = Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(phi), Math.cos(angle) - Math.sin(phi) * sine)
  const east = lon + (turn * 180) / Math.PI
  return {
    lat: (Math.asin(Math.max(-1, Math.min(1, sine))) * 180) / Math.PI,
    lon: east > 180 ? east - 360 : east < -180 ? east + 360 : east,
  }
}
