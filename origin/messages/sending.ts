import type { Selectable, Transaction } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { createId } from '../../shared/ids.ts'
import type { Message, Thread } from '../../shared/message.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Database, MessagesTable, ThreadsTable } from '../db/schema.ts'
import { requestMail } from '../mail/requesting.ts'
import { getPost } from '../posts/posts.ts'
import { ownStatusOf } from '../posts/visibility.ts'
import { mailFacts } from './mail-facts.ts'
import { tellBuyer } from './mirrors.ts'
import { requireRoomForMessage, requireRoomForThread } from './sending-limits.ts'
import { getThread, getThreadToChange, inTransaction, roleIn, type ThreadRow } from './threads.ts'
import { blockOf, isClosed, viewMessage, viewThread } from './views.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region'>

/**
 * Writes to the seller of a post: the first message opens the thread of post and buyer, a later one goes on with it.
 * Writes by `ctx.db`, which may be a transaction.
 * @throws post_not_found, post_gone, messages_closed for a post that is sold; forbidden to the seller; and as `sendMessage`
 */
export function openThread(ctx: Stores, actor: Actor, postId: string, text: string): Promise<Thread> {
  const now = ctx.now()
  return inTransaction(ctx.db, async trx => {
    await requireRoomForMessage(trx, actor.id, now)
    const id = (await findThreadId(trx, actor, postId)) ?? (await insertThread(ctx, trx, actor, postId, now))
    await append(ctx, trx, actor, await getThreadToChange(trx, actor, id), text, now)
    return viewThread(await getThread(trx, actor, id), 'buyer', now)
  })
}

/**
 * Writes to the other side of a thread. Writes by `ctx.db`, which may be a transaction.
 * @throws thread_not_found, messages_blocked, messages_closed, rate_limited
 */
export function sendMessage(ctx: Stores, actor: Actor, threadId: string, text: string): Promise<Message> {
  const now = ctx.now()
  return inTransaction(ctx.db, async trx => {
    await requireRoomForMessage(trx, actor.id, now)
    const thread = await getThreadToChange(trx, actor, threadId)
    return viewMessage(await append(ctx, trx, actor, thread, text, now), actor.id)
  })
}

async function findThreadId(trx: Transaction<Database>, actor: Actor, postId: string): Promise<string | undefined> {
  const row = await trx
    .selectFrom('threads')
    .select('id')
    .where('post_id', '=', postId)
    .where('buyer_id', '=', actor.id)
    .executeTakeFirst()
  return row?.id
}

/** Makes the thread, still without a message. The account's lock keeps two first messages from making two. */
async function insertThread(
  { region }: Stores,
  trx: Transaction<Database>,
  actor: Actor,
  postId: string,
  now: Date,
): Promise<string> {
  // Shared, so that buyers do not wait for each other, but a sale and a message do.
  await trx.selectFrom('posts').select('id').where('id', '=', postId).forShare().execute()
  const post = await getPost(trx, actor, postId, now)
  if (post.account_id === actor.id) throw new AppError('forbidden', { detail: 'You cannot write to yourself' })
  const state = ownStatusOf(post, now)
  if (post.seller_hidden || (state !== 'active' && state !== 'reserved')) throw new AppError('messages_closed')
  await requireRoomForThread(trx, actor.id, now)
  const id = createId(region, now.getTime())
  const row = {
    id,
    post_id: post.id,
    post_title: post.title,
    seller_id: post.account_id,
    buyer_id: actor.id,
    buyer_name: actor.name,
    created_at: now,
    last_activity_at: now,
    last_number: 0,
  }
  await trx.insertInto('threads').values(row).execute()
  return id
}

/** The thread's row is locked, so numbers follow each other and nobody's message is lost. */
async function append(
  ctx: Stores,
  trx: Transaction<Database>,
  actor: Actor,
  thread: ThreadRow,
  text: string,
  now: Date,
): Promise<Selectable<MessagesTable>> {
  requireOpen(thread, actor)
  const bySeller = roleIn(thread, actor.id) === 'seller'
  const message = {
    id: createId(ctx.region, now.getTime()),
    thread_id: thread.id,
    number: thread.last_number + 1,
    sender_id: actor.id,
    text,
    created_at: now,
    removed_at: null,
  }
  await trx.insertInto('messages').values(message).execute()
  const changed = await trx
    .updateTable('threads')
    .set({
      last_number: message.number,
      last_activity_at: now,
      post_title: thread.title ?? thread.post_title,
      version: thread.version + 1,
      ...(bySeller
        ? { buyer_unread: thread.buyer_unread + 1 }
        : { seller_unread: thread.seller_unread + 1, buyer_name: actor.name }),
    })
    .where('id', '=', thread.id)
    .where('version', '=', thread.version)
    .returningAll()
    .executeTakeFirst()
  if (!changed) throw new AppError('conflict')
  await tellBuyer(ctx, trx, changed)
  await askForMail(trx, changed, bySeller, message.id)
  return message
}

function requireOpen(thread: ThreadRow, actor: Actor): void {
  const blocked = blockOf(thread, roleIn(thread, actor.id))
  if (blocked === 'by_you') {
    throw new AppError('messages_blocked', { detail: 'You blocked this person: unblock them to write again' })
  }
  if (blocked) throw new AppError('messages_blocked', { detail: 'This person takes no messages from you any more' })
  if (isClosed(thread)) throw new AppError('messages_closed')
}

/** One mail for each time that there is something new to read: a second message before the first is read sends none. */
async function askForMail(
  trx: Transaction<Database>,
  thread: Selectable<ThreadsTable>,
  bySeller: boolean,
  messageId: string,
): Promise<void> {
  const [reader, accountId, unread, readTo] = bySeller
    ? ['buyer', thread.buyer_id, thread.buyer_unread, thread.buyer_read_to]
    : ['seller', thread.seller_id, thread.seller_unread, thread.seller_read_to]
  if (unread > 1) return
  await requestMail(trx, {
    mail: 'new-message',
    accountId,
    key: `new-message ${thread.id} ${reader} ${readTo}`,
    about: thread,
    data: mailFacts(thread, { accountId, messageId }),
  })
}
