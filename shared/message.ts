import * as z from 'zod'
import { Image } from './media.ts'
import { Money } from './money.ts'
import { PriceKind } from './post.ts'
import { pageLimit, wholeNumber } from './query.ts'
import { text } from './text.ts'

const instant = z.iso.datetime()
const cursor = z.string().max(500).optional()

/** What somebody writes to the other side: kept code point for code point, never turned into links. */
export const MessageInput = z.strictObject({ text: text(1, 5_000) }).meta({ id: 'MessageInput' })

/** One message as one side reads it. `number` counts from 1 within its thread. */
export const Message = z
  .object({
    id: z.string(),
    number: z.number().int(),
    /** Whether the reader wrote it. */
    mine: z.boolean(),
    /** Empty when a moderator removed it. */
    text: z.string(),
    removed: z.boolean(),
    /** Why a moderator removed it; only whoever wrote it is told. */
    removalReason: z.string().nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Message' })
export type Message = z.infer<typeof Message>

export const threadRoles = ['buyer', 'seller'] as const
export const ThreadRole = z.enum(threadRoles)
export type ThreadRole = z.infer<typeof ThreadRole>

/** How the post of a thread stands: `ended` is taken down, run out, removed or deleted. */
export const ThreadPostState = z.enum(['active', 'reserved', 'sold', 'ended'])
export type ThreadPostState = z.infer<typeof ThreadPostState>

/**
 * A thread as one of its two sides sees it. In a list, a thread that is kept in another region has only what that region
 * tells about it: what is null there is known on the thread's own page.
 */
export const Thread = z
  .object({
    id: z.string(),
    /** The reader's own. */
    role: ThreadRole,
    post: z.object({
      id: z.string(),
      title: z.string(),
      category: z.string().nullable(),
      price: Money.nullable(),
      priceKind: PriceKind.nullable(),
      state: ThreadPostState.nullable(),
      /** Its first photo, where the reader may see it. */
      cover: Image.nullable(),
    }),
    other: z.object({ id: z.string().nullable(), name: z.string().nullable() }),
    lastActivityAt: instant,
    /** How many of the other side's messages the reader has not read. */
    unread: z.number().int(),
    last: z.object({ text: z.string(), mine: z.boolean() }).nullable(),
    /** Whether the reader may write now. */
    open: z.boolean(),
    blocked: z.enum(['by_you', 'by_them']).nullable(),
  })
  .meta({ id: 'Thread' })
export type Thread = z.infer<typeof Thread>

export const ThreadQuery = z.strictObject({ limit: pageLimit, cursor })
export const MessageQuery = z.strictObject({ limit: wholeNumber(1, 100).default(50), cursor })

export const Unread = z.object({ unread: z.number().int() }).meta({ id: 'Unread' })
export const ThreadList = z
  .object({ items: z.array(Thread), nextCursor: z.string().nullable(), unread: z.number().int() })
  .meta({ id: 'ThreadList' })
export type ThreadList = z.infer<typeof ThreadList>

/** Messages of a thread, the newest first. */
export const MessageList = z
  .object({ items: z.array(Message), nextCursor: z.string().nullable() })
  .meta({ id: 'MessageList' })
export type MessageList = z.infer<typeof MessageList>

/** The number of the last message that was seen; what came after it stays unread. */
export const ReadMark = z.strictObject({ upTo: z.number().int().min(0).max(1_000_000_000) }).meta({ id: 'ReadMark' })
