import { sql } from 'kysely'
import * as z from 'zod'
import { decodeCursor, encodeCursor, scopeOf } from '../../shared/cursor.ts'
import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { OwnPostList, OwnPostQuery, OwnStatus } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { beyond, cutPage } from '../db/keyset.ts'
import { selectPosts } from './rows.ts'
import { viewOwnPost } from './views.ts'

const Position = z.tuple([z.number().int().min(0).max(Date.parse('9999-01-01')), z.string().refine(isId)])

/**
 * Lists all that a seller has, newest first, whatever the public sees of it.
 * @throws invalid_cursor
 */
export async function listOwnPosts(
  { db, now }: Pick<Context, 'db' | 'now'>,
  actor: Actor,
  query: z.infer<typeof OwnPostQuery>,
): Promise<OwnPostList> {
  const at = now()
  const { cursor, limit, status } = query
  const scope = scopeOf({ seller: actor.id, status })
  const position = cursor === undefined ? undefined : decodeCursor(scope, cursor, Position)
  if (cursor !== undefined && !position) throw new AppError('invalid_cursor')
  let posts = selectPosts(db).where('posts.account_id', '=', actor.id)
  if (status !== undefined) posts = posts.where(hasOwnStatus(status, at))
  if (position)
    posts = posts.where(beyond(['posts.created_at', 'posts.id'], 'desc', [new Date(position[0]), position[1]]))
  const rows = await posts
    .orderBy('posts.created_at', 'desc')
    .orderBy('posts.id', 'desc')
    .limit(limit + 1)
    .execute()
  const page = cutPage(rows, limit, row => encodeCursor(scope, [row.created_at.getTime(), row.id]))
  return { items: page.rows.map(row => viewOwnPost(row, at)), nextCursor: page.nextCursor }
}

/** The SQL twin of `ownStatusOf`. */
function hasOwnStatus(status: OwnStatus, now: Date) {
  if (status === 'expired') return sql<boolean>`posts.status IN ('active', 'reserved') AND posts.expires_at <= ${now}`
  if (status === 'active' || status === 'reserved')
    return sql<boolean>`posts.status = ${status} AND posts.expires_at > ${now}`
  return sql<boolean>`posts.status = ${status}`
}
