import { emptyForm, type Form, type ThreadPage } from '../frontend/page-model.ts'
import { AppError } from '../shared/errors.ts'
import { isId } from '../shared/ids.ts'
import { callApi } from './dispatch.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { noticeOf } from './pages.ts'
import type { Session } from './session.ts'

/** A thread with a page of its messages, the newest unless a cursor says otherwise, and the form to answer. */
export async function threadPage(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  id: string,
  { cursor, form = emptyForm, formKey }: { cursor?: string | undefined; form?: Form; formKey?: string } = {},
): Promise<ThreadPage> {
  if (!isId(id)) throw new AppError('thread_not_found')
  const [thread, { items, nextCursor }] = await Promise.all([
    callApi(gateway, exchange, 'readThread', { id, session }),
    callApi(gateway, exchange, 'listMessages', { id, session, query: { cursor, limit: 30 } }),
  ])
  return {
    name: 'thread',
    thread,
    messages: items.toReversed(),
    earlier: nextCursor,
    newest: cursor === undefined,
    form,
    formKey: formKey ?? crypto.randomUUID(),
    timeZone: exchange.visitor.timeZone ?? 'UTC',
    notice: noticeOf(exchange),
  }
}
