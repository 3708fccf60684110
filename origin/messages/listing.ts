import { type Kysely, type Selectable, sql } from 'kysely'
import * as z from 'zod'
import { decodeCursor, encodeCursor, scopeOf } from '../../shared/cursor.ts'
import { AppError } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { MessageList, MessageQuery, Thread, ThreadList, ThreadQuery } from '../../shared/message.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { beyond, cutPage } from '../db/keyset.ts'
import type { Database, ThreadMirrorsTable } from '../db/schema.ts'
import { countUnread } from './reading.ts'
import { readRemovalReasons } from './removing.ts'
import { getThread, roleIn, selectThreads } from './threads.ts'
import { viewMessage, viewMirror, viewThread } from './views.ts'

const Position = z.tuple([z.number().int().min(0).max(Date.parse('9999-01-01')), z.string().refine(isId)])
const NumberPosition = z.tuple([z.number().int().min(0)])

/**
 * Lists an account's threads, the last active first: those about its own posts, which are kept here, and as a buyer those
 * that the mirrors tell of.
 * @throws invalid_cursor
 */
export async function listThreads(
  ctx: Pick<Context, 'db' | 'now'>,
  actor: Actor,
  { limit, cursor }: z.infer<typeof ThreadQuery>,
): Promise<ThreadList> {
  const scope = scopeOf({ threadsOf: actor.id })
  const [rows, unread] = await Promise.all([
    selectPage(ctx.db, actor, limit, readPosition(scope, cursor, Position)),
    countUnread(ctx, actor),
  ])
  const page = cutPage(rows, limit, row => encodeCursor(scope, [row.last_activity_at.getTime(), row.id]))
  return { items: await readFacts(ctx, actor, page.rows), nextCursor: page.nextCursor, unread }
}

/** Lists the messages of a thread, the newest first. @throws thread_not_found, invalid_cursor */
export async function listMessages(
  { db }: Pick<Context, 'db'>,
  actor: Actor,
  id: string,
  { limit, cursor }: z.infer<typeof MessageQuery>,
): Promise<MessageList> {
  const thread = await getThread(db, actor, id)
  const scope = scopeOf({ messagesOf: thread.id })
  const position = readPosition(scope, cursor, NumberPosition)
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where('thread_id', '=', thread.id)
    .$if(position !== undefined, query => query.where('number', '<', position?.[0] ?? 0))
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute()
  const page = cutPage(rows, limit, row => encodeCursor(scope, [row.number]))
  const removed = page.rows.filter(row => row.removed_at && row.sender_id === actor.id).map(row => row.id)
  const reasons = await readRemovalReasons(db, removed)
  const items = page.rows.map(row => viewMessage(row, actor.id, reasons.get(row.id)))
  return { items, nextCursor: page.nextCursor }
}

type Key = { id: string; last_activity_at: Date }

/** Two index walks, one a side, of which the first of both make the page. */
async function selectPage(
  db: Kysely<Database>,
  actor: Actor,
  limit: number,
  position: z.infer<typeof Position> | undefined,
): Promise<Key[]> {
  const after = position && [new Date(position[0]), position[1]]
  const where = (id: string) => (after ? beyond(['last_activity_at', id], 'desc', after) : sql<boolean>`true`)
  const pages = await Promise.all([
    db
      .selectFrom('threads')
      .select(['id', 'last_activity_at'])
      .where('seller_id', '=', actor.id)
      .where(where('id'))
      .orderBy('last_activity_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute(),
    db
      .selectFrom('thread_mirrors')
      .select(['thread_id as id', 'last_activity_at'])
      .where('buyer_id', '=', actor.id)
      .where('deleted_at', 'is', null)
      .where(where('thread_id'))
      .orderBy('last_activity_at', 'desc')
      .orderBy('thread_id', 'desc')
      .limit(limit + 1)
      .execute(),
  ])
  return pages
    .flat()
    .sort((a, b) => b.last_activity_at.getTime() - a.last_activity_at.getTime() || (a.id < b.id ? 1 : -1))
    .slice(0, limit + 1)
}

/** What is kept here is shown in full; of the rest the mirror says what it knows. */
async function readFacts({ db, now }: Pick<Context, 'db' | 'now'>, actor: Actor, keys: Key[]): Promise<Thread[]> {
  if (keys.length === 0) return []
  const ids = keys.map(({ id }) => id)
  const [threads, mirrors] = await Promise.all([
    selectThreads(db).where('threads.id', 'in', ids).execute(),
    db.selectFrom('thread_mirrors').selectAll().where('thread_id', 'in', ids).execute(),
  ])
  const byId = new Map(threads.map(row => [row.id, row]))
  const mirrorById = new Map<string, Selectable<ThreadMirrorsTable>>(mirrors.map(row => [row.thread_id, row]))
  return ids.flatMap(id => {
    const thread = byId.get(id)
    const mirror = mirrorById.get(id)
    if (thread) return [viewThread(thread, roleIn(thread, actor.id), now())]
    return mirror ? [viewMirror(mirror)] : []
  })
}

function readPosition<T>(scope: string, cursor: string | undefined, schema: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined
  const position = decodeCursor(scope, cursor, schema)
  if (!position) throw new AppError('invalid_cursor')
  return position
}
