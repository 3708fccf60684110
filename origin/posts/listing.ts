import * as z from 'zod'
import { decodeCursor, encodeCursor, scopeOf } from '../../shared/cursor.ts'
import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import { Currency } from '../../shared/money.ts'
import type { PostList, PostQuery } from '../../shared/post.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import { beyond, cutPage, type Direction } from '../db/keyset.ts'
import { currencyFor } from './default-currency.ts'
import { matches } from './filtering.ts'
import { longestStay } from './renewal.ts'
import { type PostRow, selectPosts } from './rows.ts'
import { viewPost } from './views.ts'

type Order = {
  columns: readonly ['posts.bumped_at' | 'posts.price_amount', 'posts.id']
  direction: Direction
  byPrice: boolean
}

const orders: Readonly<Record<PostQuery['sort'], Order>> = {
  newest: { columns: ['posts.bumped_at', 'posts.id'], direction: 'desc', byPrice: false },
  oldest: { columns: ['posts.bumped_at', 'posts.id'], direction: 'asc', byPrice: false },
  price: { columns: ['posts.price_amount', 'posts.id'], direction: 'asc', byPrice: true },
  '-price': { columns: ['posts.price_amount', 'posts.id'], direction: 'desc', byPrice: true },
}

const latest = Date.parse('9999-01-01')
/** Currency of the list (null where it matters not), sort key of the last post given, its id. */
const Position = z.tuple([Currency.nullable(), z.number().int().min(0).max(latest), z.string().refine(isId)])
type Position = z.infer<typeof Position>

/**
 * Lists what the public may see, a page at a time by keyset: stable while others post, and as cheap deep down as at the
 * top. `newest` is by `bumpedAt`. A price order holds one currency and only posts with an amount; the cursor keeps to
 * the currency that the first page was in.
 * @throws invalid_cursor for a cursor of another list, invalid_input
 */
export async function listPosts(
  ctx: Pick<Context, 'db' | 'now' | 'region'>,
  query: PostQuery,
  visitor: Pick<Visitor, 'country'>,
): Promise<PostList> {
  const { cursor, limit, ...filters } = query
  const scope = scopeOf(filters)
  const order = orders[query.sort]
  const position = readPosition(scope, cursor)
  const currency = position?.[0] ?? currencyFor(ctx.region, query, visitor)
  const rows = await selectPage(ctx, query, currency, position).execute()
  const page = cutPage(rows, limit, row => encodeCursor(scope, [currency, keyValue(order, row), row.id]))
  return { items: page.rows.map(viewPost), nextCursor: page.nextCursor }
}

/** The query of one page and one row more; its plan is what the index test and the bench look at. */
export function selectPage(
  ctx: Pick<Context, 'db' | 'now' | 'region'>,
  query: PostQuery,
  currency: string,
  position: Position | undefined,
) {
  const order = orders[query.sort]
  let posts = selectPosts(ctx.db).where(matches(ctx, query, currency))
  // Below that bound nothing is public: the oldest begin there and not with all that has expired.
  if (query.sort === 'oldest' && !position)
    posts = posts.where('posts.bumped_at', '>', new Date(ctx.now().getTime() - longestStay))
  if (position) posts = posts.where(beyond(order.columns, order.direction, keyOf(order, position)))
  return posts
    .orderBy(order.columns[0], order.direction)
    .orderBy('posts.id', order.direction)
    .limit(query.limit + 1)
}

function readPosition(scope: string, cursor: string | undefined) {
  if (cursor === undefined) return undefined
  const position = decodeCursor(scope, cursor, Position)
  if (!position)
    throw new AppError('invalid_cursor', { detail: 'The cursor belongs to another list: begin again without one' })
  return position
}

function keyOf({ byPrice }: Order, [, key, id]: Position): [Date | number, string] {
  return [byPrice ? key : new Date(key), id]
}

function keyValue({ byPrice }: Order, row: PostRow): number {
  return byPrice ? Number(row.price_amount) : Number(row.bumped_at)
}
