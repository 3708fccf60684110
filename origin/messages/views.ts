import type { Selectable } from 'kysely'
import type { Image } from '../../shared/media.ts'
import type { Message, Thread, ThreadPostState, ThreadRole } from '../../shared/message.ts'
import type { MessagesTable, ThreadMirrorsTable } from '../db/schema.ts'
import { priceOf } from '../posts/views.ts'
import { ownStatusOf, publicFace } from '../posts/visibility.ts'
import type { ThreadRow } from './threads.ts'

/** Shows a thread to one of its sides. Never an address; the other side's account is an opaque id and a name. */
export function viewThread(row: ThreadRow, role: ThreadRole, now: Date): Thread {
  const me = role === 'seller' ? row.seller_id : row.buyer_id
  const blocked = blockOf(row, role)
  return {
    id: row.id,
    role,
    post: {
      id: row.post_id,
      title: row.title ?? row.post_title,
      category: row.category,
      price: priceOf(row),
      priceKind: row.price_kind,
      state: postStateOf(row, now),
      cover: coverOf(row, role, now),
    },
    other:
      role === 'seller' ? { id: row.buyer_id, name: row.buyer_name } : { id: row.seller_id, name: row.seller_name },
    lastActivityAt: row.last_activity_at.toISOString(),
    unread: role === 'seller' ? row.seller_unread : row.buyer_unread,
    last:
      row.last_text === null
        ? null
        : { text: row.last_removed_at ? '' : row.last_text, mine: row.last_sender_id === me },
    open: blocked === null && !isClosed(row),
    blocked,
  }
}

/** Shows what a buyer's home region knows of a thread that another region keeps. */
export function viewMirror(row: Selectable<ThreadMirrorsTable>): Thread {
  return {
    id: row.thread_id,
    role: 'buyer',
    post: {
      id: row.post_id,
      title: row.post_title,
      category: null,
      price: null,
      priceKind: null,
      state: null,
      cover: null,
    },
    other: { id: null, name: null },
    lastActivityAt: row.last_activity_at.toISOString(),
    unread: row.unread,
    last: null,
    open: true,
    blocked: null,
  }
}

/** Shows a message to an account; why it was removed is for its author alone. */
export function viewMessage(
  row: Selectable<MessagesTable>,
  readerId: string,
  removalReason: string | null = null,
): Message {
  const mine = row.sender_id === readerId
  return {
    id: row.id,
    number: row.number,
    mine,
    text: row.removed_at ? '' : row.text,
    removed: row.removed_at !== null,
    removalReason: mine ? removalReason : null,
    createdAt: row.created_at.toISOString(),
  }
}

/** Tells who of the two has blocked the other, as one side is told; one's own block comes first. */
export function blockOf(row: ThreadRow, role: ThreadRole): Thread['blocked'] {
  const [mine, theirs] =
    role === 'seller'
      ? [row.blocked_by_seller_at, row.blocked_by_buyer_at]
      : [row.blocked_by_buyer_at, row.blocked_by_seller_at]
  if (mine) return 'by_you'
  return theirs ? 'by_them' : null
}

/**
 * Tells whether a thread can go on. It does while both sides are there, also when the post is sold, taken down or has run
 * out: people still have a hand-over to arrange. A post that a moderator removed, or that its seller deleted, ends it.
 */
export function isClosed(row: ThreadRow): boolean {
  const gone = row.status === null || row.status === 'removed' || row.seller_hidden === true
  return gone || row.buyer_suspended_at !== null || row.buyer_deleted_at !== null
}

/** A buyer sees photos for as long as everybody does. */
function coverOf(row: ThreadRow, role: ThreadRole, now: Date): Image | null {
  const { status, seller_hidden, expires_at, sold_at, published_at } = row
  if (status === null || seller_hidden === null) return null
  const face = publicFace({ status, seller_hidden, expires_at, sold_at, published_at }, now)
  return face === 'shown' || role === 'seller' ? (row.images[0] ?? null) : null
}

function postStateOf(row: ThreadRow, now: Date): ThreadPostState {
  if (row.status === null || row.seller_hidden) return 'ended'
  const status = ownStatusOf({ status: row.status, expires_at: row.expires_at }, now)
  return status === 'active' || status === 'reserved' || status === 'sold' ? status : 'ended'
}
