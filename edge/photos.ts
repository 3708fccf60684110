import type { Hono } from 'hono'
import type { Notice } from '../frontend/page-model.ts'
import { AppError } from '../shared/errors.ts'
import { isId } from '../shared/ids.ts'
import { paths } from '../shared/paths.ts'
import { type Action, answerForm, answerValues, requireSession } from './actions.ts'
import { refuseCrossSite } from './csrf.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { formOf, type Values } from './forms.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { signInFirst, withNotice } from './navigation.ts'
import { isFileForm, openForm } from './passing-form.ts'
import { photosPage } from './photos-page.ts'
import { dropSession, type Session } from './session.ts'

/** Mounts the forms of a post's photos: one with a file, which goes on as a stream, and small ones for each photo. */
export function photoForms(app: Hono<EdgeEnv>, gateway: Gateway): void {
  app.post(paths.photos(':id'), c => {
    const { exchange } = c.env
    const id = c.req.param('id') ?? ''
    if (!isId(id)) throw new AppError('post_not_found')
    if (!isFileForm(exchange.request)) return answerForm(gateway, exchange, changing(gateway, id))
    refuseCrossSite(exchange)
    return answerValues(gateway, exchange, {}, sending(gateway, id))
  })
}

/** What was written beside a file is kept when the file is refused; the file has to be chosen anew. */
function sending(gateway: Gateway, id: string): Action {
  return {
    async submit(exchange, values) {
      let form: Awaited<ReturnType<typeof openForm>> | undefined
      try {
        const session = await requireSession(gateway, exchange)
        form = await openForm(exchange.request)
        values.alt = altOf(form.head)
        await callApi(gateway, exchange, 'uploadImage', { id, session, form })
        return withNotice(paths.photos(id), 'photo-added')
      } catch (error) {
        if (knownError(error).status !== 401) throw error
        dropSession(exchange)
        return signInFirst(exchange)
      } finally {
        form?.release()
      }
    },
    retry: (values, error, exchange) => showAgain(gateway, exchange, id, null, values, error),
  }
}

function changing(gateway: Gateway, id: string): Action {
  return {
    async submit(exchange, values) {
      const session = await requireSession(gateway, exchange)
      return withNotice(paths.photos(id), await change(gateway, exchange, session, id, values))
    },
    retry: (values, error, exchange) => showAgain(gateway, exchange, id, values.image ?? null, values, error),
  }
}

async function change(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  id: string,
  { image = '', intent, alt = '' }: Values,
): Promise<Notice> {
  switch (intent) {
    case 'alt':
      await callApi(gateway, exchange, 'editImage', { id: image, session, body: { alt } })
      return 'photo-saved'
    case 'delete':
      await callApi(gateway, exchange, 'deleteImage', { id: image, session })
      return 'photo-deleted'
    case 'up':
    case 'down':
    case 'cover': {
      const { items } = await callApi(gateway, exchange, 'listImages', { id, session })
      const ids = reorder(
        items.map(item => item.id),
        image,
        intent,
      )
      await callApi(gateway, exchange, 'orderImages', { id, session, body: { ids } })
      return 'photo-moved'
    }
    default:
      throw new AppError('bad_request')
  }
}

/** Moves one of a list by one place, or to its beginning. */
function reorder(ids: readonly string[], id: string, to: 'up' | 'down' | 'cover'): string[] {
  const at = ids.indexOf(id)
  if (at < 0) throw new AppError('image_not_found')
  const place = { up: at - 1, down: at + 1, cover: 0 }[to]
  return ids.toSpliced(at, 1).toSpliced(Math.max(place, 0), 0, id)
}

/**
 * Whoever is not signed in any more has no such page to see: the error says so, and keeps what was typed. What is wrong with a
 * photo that is not there any more is said beside the form that sends one.
 */
async function showAgain(
  gateway: Gateway,
  exchange: Exchange,
  id: string,
  image: string | null,
  values: Values,
  error: AppError,
) {
  if (error.status === 401) throw error
  const session = await requireSession(gateway, exchange)
  const page = await photosPage(gateway, exchange, session, id)
  const known = page.images.some(one => one.id === image)
  return { ...page, refused: { image: known ? image : null, form: formOf(values, error) } }
}

/** Reads the field that our form sends before its file; empty for forms that are made otherwise. */
function altOf(head: Uint8Array): string {
  const text = new TextDecoder().decode(head.subarray(0, 4_096))
  return /\bname="alt"(?:\r\n[^\r\n]+)*\r\n\r\n([^\r\n]*)\r\n--/.exec(text)?.[1] ?? ''
}
