import { callApi } from './dispatch.ts'
import { type Exchange, hurried } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { Session } from './session.ts'

/** No page waits longer than this for the number beside "Messages", in milliseconds. */
const patience = 800

/** Counts what the reader has not read, once a request; undefined when nobody is signed in or it takes too long. */
export function readUnread(gateway: Gateway, exchange: Exchange, session: Session | null): Promise<number | undefined> {
  if (!session) return Promise.resolve(undefined)
  exchange.unread ??= callApi(gateway, hurried(exchange, gateway.now(), patience), 'countUnread', { session }).then(
    ({ unread }) => unread,
    () => undefined,
  )
  return exchange.unread
}

/** Says that the page itself makes some of it read; where that is kept in another region, the count follows in a moment. */
export function forgetUnread(exchange: Exchange, count: number): void {
  const before = exchange.unread
  if (before) exchange.unread = before.then(unread => unread && Math.max(0, unread - count))
}
