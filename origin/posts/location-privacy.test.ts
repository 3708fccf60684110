import { beforeAll, describe, expect, it } from 'vitest'
import type { Post } from '../../shared/post.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, somePost } from '../testing/posts.ts'

type Point = { lat: number; lon: number }

const home = { lat: 44.97997, lon: -93.26384 }
const postCount = 20
const queryCount = 500
/** The public point lies 0.63 km away or more, and the attack finds it to 0.1 km at best: nobody should come closer. */
const blur = 0.55

let origin: TestOrigin
let ids: Set<string>
/** A generator with a fixed seed (mulberry32): the attack is the same each time. */
let seed = 20_261_120

beforeAll(async () => {
  origin = await createTestOrigin()
  const seller = await origin.createAccount()
  const location = { ...somePost().location, subdivision: 'US-MN', city: 'Minneapolis', ...home }
  const posts = []
  for (let i = 0; i < postCount; i++)
    posts.push(await createTestPost(origin, seller, 'active', { title: `Thing ${i}`, location }))
  ids = new Set(posts.map(post => post.id))
})

describe('whoever looks for the home behind 20 posts', () => {
  it('finds one and the same point on all of them, and their average is no closer', async () => {
    const points = (await search(home, 50)).map(post => post.location)
    expect(points).toHaveLength(postCount)
    expect(new Set(points.map(point => `${point.lat},${point.lon}`)).size).toBe(1)
    const mean = { lat: average(points.map(point => point.lat)), lon: average(points.map(point => point.lon)) }
    expect(distance(mean, home)).toBeGreaterThan(blur)
  })

  it('finds by 500 radius queries the blurred point and not the home', async () => {
    const [first] = await search(home, 50)
    const shown = first?.location as Point
    let candidates = gridAround(home, 3, 0.05)
    for (let i = 0; i < queryCount; i++) {
      const center = around(home, 8)
      const radius = 1 + random() * 9
      const isIn = (await search(center, radius)).length > 0
      // Half a step of the grid either way, so that the cell which holds the answer is never lost.
      const agrees = (point: Point) =>
        isIn ? distance(point, center) <= radius + 0.04 : distance(point, center) > radius - 0.04
      candidates = candidates.filter(agrees)
    }
    expect(candidates.length).toBeGreaterThan(0)
    const found = { lat: average(candidates.map(point => point.lat)), lon: average(candidates.map(point => point.lon)) }
    expect(distance(found, shown)).toBeLessThan(0.25)
    expect(distance(found, home)).toBeGreaterThan(blur)
  })

  it('does not find it in any answer to anybody but the seller', async () => {
    const secrets = [String(home.lat), String(home.lon)]
    const moderator = await origin.createAccount({ role: 'moderator' })
    const other = await origin.createAccount()
    const [id] = ids
    for (const token of [undefined, other.token, moderator.token]) {
      for (const path of [`/posts/${id}`, '/posts?limit=100', '/posts?near=44.98,-93.26&sort=oldest']) {
        const { text } = await origin.request('GET', path, { token })
        for (const secret of secrets) expect(text).not.toContain(secret)
      }
    }
    const said = [
      (await origin.request('PUT', `/posts/${id}/removal`, { token: moderator.token, body: { reason: 'A test' } }))
        .text,
      (await origin.request('DELETE', `/posts/${id}/removal`, { token: moderator.token })).text,
      JSON.stringify(await origin.ctx.db.selectFrom('outbox').selectAll().execute()),
      JSON.stringify(await origin.ctx.db.selectFrom('audit').selectAll().execute()),
      JSON.stringify(await origin.mails()),
    ]
    for (const text of said) {
      expect(text.length).toBeGreaterThan(2)
      for (const secret of secrets) expect(text).not.toContain(secret)
    }
  })
})

async function search(center: Point, radius: number): Promise<Post[]> {
  const near = `${center.lat.toFixed(6)},${center.lon.toFixed(6)}`
  const reply = await origin.request('GET', `/posts?near=${near}&radius=${radius.toFixed(3)}&limit=100`)
  return reply.body.items.filter((post: Post) => ids.has(post.id))
}

function gridAround({ lat, lon }: Point, reach: number, step: number): Point[] {
  const steps = Math.round(reach / step)
  const offsets = Array.from({ length: 2 * steps + 1 }, (_, i) => (i - steps) * step)
  return offsets.flatMap(north => offsets.map(east => moved({ lat, lon }, north, east)))
}

function around(point: Point, reach: number): Point {
  return moved(point, (random() * 2 - 1) * reach, (random() * 2 - 1) * reach)
}

function moved({ lat, lon }: Point, north: number, east: number): Point {
  return { lat: lat + north / 111.195, lon: lon + east / (111.195 * Math.cos((lat * Math.PI) / 180)) }
}

/** Kilometres by the haversine formula. */
function distance(a: Point, b: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const h =
    Math.sin(radians(b.lat - a.lat) / 2) ** 2 +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(radians(b.lon - a.lon) / 2) ** 2
  return 2 * 6371.009 * Math.asin(Math.sqrt(h))
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function random(): number {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
