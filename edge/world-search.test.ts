import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { decodeCursor, encodeCursor } from '../shared/cursor.ts'
import { createId } from '../shared/ids.ts'
import { type Region, regions } from '../shared/regions.ts'
import type { RegionalResult, SearchResult, SearchSort } from '../shared/search.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { problem, type Recorded } from './testing/stub-origin.ts'

type Entry = { id: string; key: number; bumpedAt: string }
type Page = SearchResult & { items: Entry[] }

/** Mulberry32: the same lists in every run. */
function randomOf(seed: number) {
  let state = seed
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const descending = (sort: SearchSort) => sort === 'newest' || sort === '-price' || sort === 'relevance'
const byKey = (sort: SearchSort) => (a: Entry, b: Entry) =>
  (descending(sort) ? -1 : 1) * (a.key - b.key || (a.id < b.id ? -1 : 1))

/** Some posts of a region in its own order; keys and moments repeat, so that ties happen within and between regions. */
function listOf(region: Region, count: number, sort: SearchSort, random: (below: number) => number): Entry[] {
  return Array.from({ length: count }, () => {
    const bumpedAt = new Date(1_790_000_000_000 + random(6) * 1_000).toISOString()
    return { id: createId(region), key: sort === 'newest' ? Date.parse(bumpedAt) : random(8) + 0.5, bumpedAt }
  }).sort(byKey(sort))
}

/** Answers as an origin does for its part of the world: a page, and a cursor that goes on after each of its posts. */
function answerOf(list: readonly Entry[], sort: SearchSort, more: Partial<RegionalResult> = {}) {
  const Place = z.tuple([z.string()])
  return ({ path, query }: Recorded) => {
    if (path !== '/api/v1/search') return undefined
    const cursor = query.get('cursor')
    const after = cursor === null ? undefined : decodeCursor('stub', cursor, Place)?.[0]
    if (cursor !== null && after === undefined) return problem(400, 'invalid_cursor')
    const from = after === undefined ? 0 : list.findIndex(({ id }) => id === after) + 1
    const limit = Number(query.get('limit') ?? 24)
    if (limit < 1) return problem(422, 'invalid_input')
    const items = list.slice(from, from + limit)
    const cursorAfter = ({ id }: Entry) => encodeCursor('stub', [id])
    const last = items.at(-1)
    const result = {
      items,
      total: { value: list.length, relation: 'eq' },
      facets: {},
      nextCursor: last && from + limit < list.length ? cursorAfter(last) : null,
      suggestion: null,
      help: null,
      engine: 'opensearch',
      degraded: false,
      missingRegions: [],
      sort,
      positions: items.map(entry => ({ key: entry.key, cursor: cursorAfter(entry) })),
      ...more,
    }
    return { body: result }
  }
}

const sorts = ['relevance', 'newest', 'oldest', 'price', '-price', 'distance'] as const
const queryOf = (sort: SearchSort) => {
  const needs = sort.endsWith('price') ? '&currency=USD' : sort === 'distance' ? '&near=1,1' : ''
  return `/api/v1/search?q=bike&scope=world&sort=${sort}${needs}`
}

/** All lists as one, by the plainest means: a sort of everything. */
function wholeOf(lists: Record<Region, Entry[]>, sort: SearchSort): string[] {
  const all = regions.flatMap(region => lists[region].map((entry, rank) => ({ ...entry, rank })))
  const byRank = (a: (typeof all)[number], b: (typeof all)[number]) =>
    a.rank - b.rank || Date.parse(b.bumpedAt) - Date.parse(a.bumpedAt) || (a.id > b.id ? -1 : 1)
  return all.sort(sort === 'relevance' ? byRank : byKey(sort)).map(({ id }) => id)
}

describe.each(runtimes)('scope=world in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime)
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())

  const read = async (path: string) => {
    const { status, text, json } = await edge.ask(path)
    expect(status, text).toBe(200)
    return json() as Page
  }
  const readRest = async (path: string, cursor: string | null, limitOf = () => 5) => {
    const pages: Page[] = []
    for (let next = cursor; next !== null; next = pages.at(-1)?.nextCursor ?? null) {
      pages.push(await read(`${path}&limit=${limitOf()}${next && `&cursor=${next}`}`))
      expect(next.length).toBeLessThan(2_000)
    }
    return pages
  }
  const readAll = (path: string, limitOf: () => number) => readRest(path, '', limitOf)
  const fill = (sort: SearchSort, counts: number[], random: (below: number) => number) => {
    const lists = {} as Record<Region, Entry[]>
    for (const [i, region] of regions.entries()) {
      lists[region] = listOf(region, counts[i] ?? 0, sort, random)
      edge.origins[region].on(answerOf(lists[region], sort))
    }
    return lists
  }
  const idsOf = (pages: Page[]) => pages.flatMap(({ items }) => items.map(({ id }) => id))

  it.each(sorts)('by %s: the pages of whatever sizes are one merged list, nothing left out or twice', async sort => {
    for (let seed = 1; seed <= 8; seed++) {
      edge.reset()
      const random = randomOf(seed * 1_000 + sort.length)
      const lists = fill(sort, [random(30), random(30), random(4)], random)
      const pages = await readAll(queryOf(sort), () => 1 + random(9))
      expect(idsOf(pages), `seed ${seed}`).toEqual(wholeOf(lists, sort))
      const total = regions.reduce((sum, region) => sum + lists[region].length, 0)
      for (const page of pages) {
        expect(page).toMatchObject({
          total: { value: total, relation: 'eq' },
          missingRegions: [],
          engine: 'opensearch',
        })
        expect(Object.keys(page)).not.toContain('positions')
      }
    }
  })

  it('asks every region at once under our signature, each for itself, within 2 s', async () => {
    fill('newest', [3, 3, 3], randomOf(1))
    await read(queryOf('newest'))
    for (const region of regions) {
      expect(edge.origins[region].recorded).toHaveLength(1)
      const seen = edge.origins[region].last()
      expect([seen?.verdict, seen?.query.get('region'), seen?.query.get('scope')]).toEqual(['ok', region, 'world'])
      expect(Number(seen?.headers['edge-timeout'])).toBeLessThanOrEqual(2_000)
    }
  })

  it('keeps to its order where posts are sold between two pages', async () => {
    const lists = fill('relevance', [6, 6, 6], randomOf(7))
    const first = await read(`${queryOf('relevance')}&limit=7`)
    const given = new Set(first.items.map(({ id }) => id))
    const gone = new Set(regions.map(region => lists[region].find(({ id }) => !given.has(id))?.id))
    for (const region of regions) {
      const list = lists[region]
      const left = list.filter(({ id }) => !gone.has(id))
      edge.origins[region].on(answerOf(left, 'relevance'))
    }
    const rest = await readRest(queryOf('relevance'), first.nextCursor)
    expect(idsOf(rest).toSorted()).toEqual(
      wholeOf(lists, 'relevance')
        .filter(id => !given.has(id) && !gone.has(id))
        .toSorted(),
    )
  })

  it('ends a page early where a region gives less than it was asked for and has more', async () => {
    const lists = fill('newest', [10, 10, 0], randomOf(3))
    // Of a page of four, what was sold in the meantime is left out.
    const answer = answerOf(lists.eu, 'newest')
    edge.origins.eu.on(request => {
      const reply = answer(request) as { body: RegionalResult } | undefined
      if (!reply || request.query.has('cursor')) return reply
      const { items, positions } = reply.body
      return { body: { ...reply.body, items: items.slice(0, 1), positions: positions.slice(0, 1) } }
    })
    const sold = lists.eu.slice(1, 4).map(({ id }) => id)
    const pages = await readAll(queryOf('newest'), () => 4)
    expect(idsOf(pages)).toEqual(wholeOf(lists, 'newest').filter(id => !sold.includes(id)))
  })

  it.each(['drop', 'hang', 'error', 'page'] as const)('names a region that does not answer (%s)', async how => {
    const lists = fill('relevance', [4, 4, 4], randomOf(5))
    const trouble = {
      drop: 'drop',
      hang: 'hang',
      error: problem(500, 'internal_error'),
      page: { status: 200, body: '<h1>hello</h1>', headers: { 'content-type': 'text/html' } },
    } as const
    edge.origins.eu.on(() => trouble[how])
    const page = await read(`${queryOf('relevance')}&limit=50`)
    expect(page).toMatchObject({ total: { value: 8 }, missingRegions: ['eu'] })
    expect(page.items.map(({ id }) => id)).toEqual(wholeOf({ ...lists, eu: [] }, 'relevance'))
  })

  it('does not wait longer for a slow region than it may', async () => {
    fill('newest', [4, 4, 4], randomOf(5))
    edge.origins.ap.on(() => 'hang')
    const started = performance.now()
    expect((await read(queryOf('newest'))).missingRegions).toEqual(['ap'])
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('asks a silent region again with the next page, and gives what it has', async () => {
    const lists = fill('newest', [7, 7, 7], randomOf(9))
    edge.origins.na.on(() => 'drop')
    const first = await read(`${queryOf('newest')}&limit=5`)
    expect(first.missingRegions).toEqual(['na'])
    edge.origins.na.reset()
    edge.origins.na.on(answerOf(lists.na, 'newest'))
    const rest = await readRest(queryOf('newest'), first.nextCursor)
    expect(rest[0]?.missingRegions).toEqual([])
    expect([...first.items.map(({ id }) => id), ...idsOf(rest)].toSorted()).toEqual(wholeOf(lists, 'newest').toSorted())
  })

  it('leaves nothing out where a region fails in the middle and comes back', async () => {
    const lists = fill('relevance', [12, 12, 12], randomOf(11))
    const seen: string[] = []
    let cursor: string | null = ''
    for (let page = 1; cursor !== null; page++) {
      edge.origins.eu.reset()
      edge.origins.eu.on(page === 2 ? () => 'drop' : answerOf(lists.eu, 'relevance'))
      const read5: Page = await read(`${queryOf('relevance')}&limit=5${cursor && `&cursor=${cursor}`}`)
      expect(read5.missingRegions).toEqual(page === 2 ? ['eu'] : [])
      seen.push(...read5.items.map(({ id }) => id))
      cursor = read5.nextCursor
    }
    expect(seen.toSorted()).toEqual(wholeOf(lists, 'relevance').toSorted())
  })

  it('is 503 where none answers, or none of those that may have more', async () => {
    fill('relevance', [1, 1, 9], randomOf(1))
    const first = await read(`${queryOf('relevance')}&limit=8`)
    edge.origins.ap.on(() => 'drop')
    const more = await edge.ask(`${queryOf('relevance')}&limit=8&cursor=${first.nextCursor}`)
    expect([more.status, more.headers['retry-after']]).toEqual([503, '10'])
    for (const region of regions) edge.origins[region].fail('drop')
    const reply = await edge.ask(queryOf('newest'))
    expect([reply.status, reply.headers['content-type']]).toEqual([503, 'application/problem+json'])
    expect(reply.json()).toMatchObject({ code: 'region_unavailable' })
  })

  it('refuses a cursor that is not its own', async () => {
    fill('newest', [9, 9, 9], randomOf(1))
    const { nextCursor } = await read(`${queryOf('newest')}&limit=4`)
    const cursor = nextCursor ?? ''
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    const forged = (change: (all: unknown[]) => unknown[]) =>
      Buffer.from(JSON.stringify(change([...parts]))).toString('base64url')
    const bad = [
      'garbage',
      cursor.slice(3),
      forged(all => all.with(2, 'none-of-ours')),
      forged(all => all.with(3, -1)),
      forged(all => [...all, 'more']),
      forged(all => all.map((part, i) => (i > 1 && i % 2 === 0 ? null : part))),
      forged(all => all.with(2, 'x'.repeat(500))),
    ]
    for (const one of bad) {
      const reply = await edge.ask(`${queryOf('newest')}&limit=4&cursor=${one}`)
      expect([one, reply.status, (reply.json() as { code: string }).code]).toEqual([one, 400, 'invalid_cursor'])
    }
    const other = await edge.ask(`${queryOf('oldest')}&limit=4&cursor=${cursor}`)
    expect((other.json() as { code: string }).code).toBe('invalid_cursor')
  })

  it.each([
    ['country=JP', 'ap'],
    ['subdivision=US-NY', 'na'],
    ['region=eu', 'eu'],
    [`seller=${createId('na')}`, 'na'],
  ] as const)('asks only the region that %s belongs to', async (query, region) => {
    const lists = fill('newest', [3, 3, 3], randomOf(2))
    const page = await read(`${queryOf('newest')}&${query}`)
    expect(page).toMatchObject({ missingRegions: [], total: { value: 3 } })
    expect(page.items.map(({ id }) => id)).toEqual(lists[region].map(({ id }) => id))
    expect(regions.filter(one => edge.origins[one].recorded.length > 0)).toEqual([region])
  })

  it('says what is wrong with a query without asking, and passes on what a region refuses', async () => {
    fill('newest', [3, 3, 3], randomOf(2))
    for (const query of ['sort=price', 'maxPrice=5', 'limit=0', 'nonsense=1']) {
      const reply = await edge.ask(`/api/v1/search?scope=world&${query}`)
      expect([query, reply.status]).toEqual([query, 422])
    }
    expect(regions.flatMap(region => edge.origins[region].recorded)).toEqual([])
    const errors = [{ field: 'attr.x', message: 'needs a category' }]
    for (const region of regions) edge.origins[region].on(() => problem(422, 'invalid_input', { errors }))
    const reply = await edge.ask('/api/v1/search?scope=world&attr.x=1')
    expect([reply.status, reply.json()]).toMatchObject([422, { code: 'invalid_input', errors }])
  })

  it('leaves a search of one region to that region', async () => {
    fill('newest', [3, 3, 3], randomOf(2))
    await edge.ask('/api/v1/search?q=bike', { headers: { cookie: 'from=JP' } })
    expect(regions.filter(one => edge.origins[one].recorded.length > 0)).toEqual(['ap'])
    expect(edge.origins.ap.last()?.target).toBe('/api/v1/search?q=bike')
  })
})

describe.each(runtimes)('scope=world where a region does not run, in %s', runtime => {
  it('is the world of those that do', async () => {
    const edge = await startEdge(runtime, { ORIGIN_AP: '' })
    try {
      const lists = { na: listOf('na', 3, 'newest', randomOf(1)), eu: listOf('eu', 3, 'newest', randomOf(2)), ap: [] }
      for (const region of ['na', 'eu'] as const) edge.origins[region].on(answerOf(lists[region], 'newest'))
      const page = (await edge.ask(queryOf('newest'))).json() as Page
      expect(page).toMatchObject({ missingRegions: [], nextCursor: null, total: { value: 6 } })
      expect(page.items.map(({ id }) => id)).toEqual(wholeOf(lists, 'newest'))
    } finally {
      await edge.stop()
    }
  })
})
