import { AppError } from '../shared/errors.ts'
import type { OwnPost } from '../shared/post.ts'
import { callApi } from './dispatch.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { Session } from './session.ts'

/** Reads a post as its seller sees it. Throws AppError `forbidden` when it is somebody else's. */
export async function readOwnPost(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  id: string,
): Promise<OwnPost> {
  const post = await callApi(gateway, exchange, 'readPost', { id, session })
  if (!('ownStatus' in post)) throw new AppError('forbidden')
  return post
}
