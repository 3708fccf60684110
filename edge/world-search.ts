import * as z from 'zod'
import { decodeCursor, encodeCursor, scopeOf } from '../shared/cursor.ts'
import { AppError } from '../shared/errors.ts'
import { regionOfId } from '../shared/ids.ts'
import { type Region, regionOfCountry, regions } from '../shared/regions.ts'
import { type RegionalResult, SearchQuery, type SearchResult } from '../shared/search.ts'
import { jsonOf, knownError } from './errors.ts'
import { type Exchange, hurried } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { OriginReply, OriginRequest } from './origin-client.ts'
import { type Part, sumCounts, takeInOrder } from './world-merge.ts'

/** No region is waited for longer, in milliseconds: 2 s for its answer, and what the way there keeps back. */
const patience = 2_500

/** Where a region's list goes on: '' at its beginning, null after its end; and how many of its posts were given already. */
type Place = { cursor: string | null; given: number }
type Places = Record<Region, Place>

const cursor = z.string().max(400).nullable()
const given = z.number().int().min(0).max(10_000_000)
/** A pair for each region, in their order. */
const Position = z.tuple([cursor, given, cursor, given, cursor, given])

/**
 * Answers a search of all regions (docs/decisions/092-world-search.md): asks each at once under one short deadline, and merges
 * what comes in time. A region that does not answer is named, and keeps its place in the cursor, so the next page asks it again.
 * @returns the merged result, or the refusal of a region where one refuses the query
 * @throws AppError `invalid_input`, `invalid_cursor`; `region_unavailable` where none answers of those that may have more
 */
export async function searchWorld(gateway: Gateway, exchange: Exchange, request: OriginRequest): Promise<OriginReply> {
  const asked = new URLSearchParams(request.target.split('?')[1])
  const { data: query, error } = SearchQuery.safeParse(Object.fromEntries(asked))
  if (error) throw AppError.fromZod(error)
  const { cursor, limit, ...filters } = query as SearchQuery
  const scope = scopeOf(filters)
  const part = regionsIn(filters).filter(region => gateway.settings.origins[region] !== null)
  const places = cursor === undefined ? beginning(part) : readPlaces(scope, cursor)
  const soon = hurried(exchange, gateway.now(), patience)
  const replies = await Promise.all(
    part.map(async region => ({ region, reply: await ask(gateway, soon, region, request, asked, places[region]) })),
  )
  const refusal = replies.find(({ reply }) => reply && reply.status >= 400 && reply.status < 500)?.reply
  if (refusal) return refusal
  const results = replies.flatMap(({ region, reply }) => {
    const result = reply && readResult(reply)
    return result ? [{ region, result, given: places[region].given, over: places[region].cursor === null }] : []
  })
  const open = results.filter(({ over }) => !over)
  if (open.length === 0) throw new AppError('region_unavailable', { headers: { 'retry-after': '10' } })
  const { items, taken } = takeInOrder(open, limit)
  const answer: SearchResult = {
    items,
    ...sumCounts(
      results.map(({ result }) => result),
      filters,
      cursor === undefined,
    ),
    nextCursor: writePlaces(scope, placesAfter(places, open, taken)),
    missingRegions: part.filter(region => !results.some(result => result.region === region)),
  }
  const body = new TextEncoder().encode(JSON.stringify(answer)).buffer as ArrayBuffer
  return { status: 200, headers: new Headers({ 'content-type': 'application/json' }), body }
}

/** The regions that can have what is asked for: a country and a seller belong to one. */
function regionsIn({ region, country, subdivision, seller }: Partial<SearchQuery>): readonly Region[] {
  const one = region ?? regionOfCountry(country ?? subdivision?.slice(0, 2) ?? '') ?? regionOfId(seller ?? '')
  return one ? [one] : regions
}

/** Asks one region; undefined where it does not answer. One whose list is over is asked for its counts alone. */
async function ask(
  gateway: Gateway,
  exchange: Exchange,
  region: Region,
  request: OriginRequest,
  asked: URLSearchParams,
  { cursor }: Place,
): Promise<OriginReply | undefined> {
  const query = new URLSearchParams(asked)
  query.set('region', region)
  query.delete('cursor')
  if (cursor) query.set('cursor', cursor)
  if (cursor === null) query.set('limit', '1')
  const target = `${request.target.split('?')[0]}?${query}`
  try {
    const reply = await gateway.origins.send(exchange, region, { ...request, target })
    return reply.status < 500 ? reply : undefined
  } catch (error) {
    if (knownError(error).code === 'internal_error') throw error
    return undefined
  }
}

/** An origin that does not say where its list goes on has not answered: nothing could follow such a page. */
function readResult(reply: OriginReply): RegionalResult | undefined {
  const result = jsonOf(reply) as Partial<RegionalResult> | undefined
  const whole = result?.positions && result.positions.length === result.items?.length
  return whole ? (result as RegionalResult) : undefined
}

function beginning(part: readonly Region[]): Places {
  return placesOf(region => ({ cursor: part.includes(region) ? '' : null, given: 0 }))
}

function placesAfter(places: Places, parts: readonly Part[], taken: ReadonlyMap<Region, number>): Places {
  return placesOf(region => {
    const result = parts.find(part => part.region === region)?.result
    const count = taken.get(region) ?? 0
    const { cursor, given } = places[region]
    if (!result) return { cursor, given }
    const after = count === result.items.length ? result.nextCursor : (result.positions[count - 1]?.cursor ?? cursor)
    return { cursor: after, given: given + count }
  })
}

function readPlaces(scope: string, cursor: string): Places {
  const read = decodeCursor(scope, cursor, Position)
  const places =
    read && placesOf((_, i) => ({ cursor: read[i * 2] as string | null, given: read[i * 2 + 1] as number }))
  if (places && writePlaces(scope, places)) return places
  throw new AppError('invalid_cursor', { detail: 'The cursor belongs to another search: begin again without one' })
}

function writePlaces(scope: string, places: Places): string | null {
  const flat = regions.flatMap(region => [places[region].cursor, places[region].given])
  return regions.every(region => places[region].cursor === null) ? null : encodeCursor(scope, flat)
}

function placesOf(placeOf: (region: Region, index: number) => Place): Places {
  return Object.fromEntries(regions.map((region, i) => [region, placeOf(region, i)])) as Places
}
