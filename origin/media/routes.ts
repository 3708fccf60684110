import type { Hono } from 'hono'
import { api, apiPrefix } from '../../shared/api.ts'
import type { OwnImage } from '../../shared/media.ts'
import type { Context } from '../context.ts'
import type { OriginEnv } from '../edge-request.ts'
import { endpoint } from '../endpoint.ts'
import { completeImage } from './completing.ts'
import { createImage } from './creating.ts'
import { deleteImage } from './deleting.ts'
import { editImage } from './editing.ts'
import { listImages } from './listing.ts'
import { orderImages } from './ordering.ts'
import { readImage } from './reading.ts'
import { uploadImage } from './uploading.ts'

/** Mounts the photos of posts. */
export function imageRoutes(app: Hono<OriginEnv>, ctx: Context): void {
  endpoint(app, ctx, api.createImage, async ({ actor, id, body }) => {
    const created = await createImage(ctx, actor, id, body)
    return { body: created, headers: locationOf(created.image) }
  })
  endpoint(app, ctx, api.uploadImage, async ({ actor, id, c }) => {
    const length = c.req.header('content-length')
    const form = {
      contentType: c.req.header('content-type') ?? '',
      body: c.req.raw.body,
      length: length === undefined ? undefined : Number(length),
    }
    const uploaded = await uploadImage(ctx, actor, id, form)
    return { body: uploaded, headers: locationOf(uploaded) }
  })
  endpoint(app, ctx, api.listImages, async ({ actor, id }) => ({ body: await listImages(ctx, actor, id) }))
  endpoint(app, ctx, api.orderImages, async ({ actor, id, body }) => ({
    body: await orderImages(ctx, actor, id, body.ids),
  }))
  endpoint(app, ctx, api.completeImage, async ({ actor, id }) => ({
    body: await completeImage(ctx, actor, id),
  }))
  endpoint(app, ctx, api.editImage, async ({ actor, id, body }) => ({ body: await editImage(ctx, actor, id, body) }))
  endpoint(app, ctx, api.deleteImage, async ({ actor, id }) => {
    await deleteImage(ctx, actor, id)
    return {}
  })
  endpoint(app, ctx, api.readImage, async ({ actor, id }) => ({ body: await readImage(ctx, actor, id) }))
}

function locationOf({ id }: OwnImage) {
  return { location: `${apiPrefix}/images/${id}` }
}
