import type { Hono } from 'hono'
import type { Page, PhotosPage } from '../frontend/page-model.ts'
import { AppError } from '../shared/errors.ts'
import { isId } from '../shared/ids.ts'
import { paths } from '../shared/paths.ts'
import { callApi } from './dispatch.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { signInFirst } from './navigation.ts'
import { readOwnPost } from './own-post.ts'
import { respondWithPage } from './page-response.ts'
import { noticeOf } from './pages.ts'
import { readSession, type Session } from './session.ts'

/** Mounts the pages between a draft's form and its publication: photos (their forms are in photos.ts) and preview. */
export function photosPageRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  const own = (path: string, page: (exchange: Exchange, session: Session, id: string) => Promise<Page>) =>
    app.get(path, async c => {
      const { exchange } = c.env
      const id = c.req.param('id') ?? ''
      if (!isId(id)) throw new AppError('post_not_found')
      const session = await readSession(gateway, exchange)
      return session ? respondWithPage(gateway, exchange, await page(exchange, session, id)) : signInFirst(exchange)
    })

  own(paths.photos(':id'), (exchange, session, id) => photosPage(gateway, exchange, session, id))
  own(paths.preview(':id'), async (exchange, session, id) => ({
    name: 'preview',
    post: await readOwnPost(gateway, exchange, session, id),
  }))
}

/**
 * The photos of one's own post, in every state.
 * @param refused the form that led here, as it was sent
 * @throws AppError `forbidden` for somebody else's post
 */
export async function photosPage(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  id: string,
  refused: PhotosPage['refused'] = null,
): Promise<PhotosPage> {
  const [post, { items }] = await Promise.all([
    readOwnPost(gateway, exchange, session, id),
    callApi(gateway, exchange, 'listImages', { id, session }),
  ])
  return { name: 'photos', post, images: items, notice: noticeOf(exchange), refused }
}
