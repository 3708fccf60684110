import type { Hono } from 'hono'
import { AppError } from '../shared/errors.ts'
import { isId, regionOfId } from '../shared/ids.ts'
import { type VariantFormat, type VariantStep, variantFormats, variantSteps } from '../shared/media.ts'
import { readRange } from './byte-range.ts'
import { matchesEtag } from './etag.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { EdgeEnv } from './hono-env.ts'
import { findImage } from './image-access.ts'
import type { ImageBytes } from './image-bytes.ts'

type Variant = { step: VariantStep; format: VariantFormat }

/** What each encoding of ours is called; a bucket's own word for it does not count. */
const types: Record<VariantFormat, string> = { webp: 'image/webp', jpg: 'image/jpeg' }
const variants = new Map<string, Variant>(
  variantSteps.flatMap(step => variantFormats.map(format => [`${step}.${format}`, { step, format }])),
)

/** Mounts the bytes of photos. */
export function mediaRoutes(app: Hono<EdgeEnv>, gateway: Gateway): void {
  app.get('/media/:id/:file', c => {
    const variant = variants.get(c.req.param('file'))
    const id = c.req.param('id')
    if (!variant || !isId(id)) throw new AppError('image_not_found')
    return serveImage(gateway, c.env.exchange, id, variant)
  })
}

/** First whether it may be seen, then the bytes: no copy is served, here or elsewhere, on the strength of being there. */
async function serveImage(gateway: Gateway, exchange: Exchange, id: string, variant: Variant): Promise<Response> {
  const { access, shared } = await findImage(gateway, exchange, id)
  const region = regionOfId(id)
  if (!region || !access.variants.some(({ step }) => step === variant.step)) throw new AppError('image_not_found')
  const key = `${access.folder}/${variant.step}.${variant.format}`
  const found = await gateway.imageStore.read(exchange, region, key, { keep: shared })
  return respond(exchange.request, found, {
    'content-type': types[variant.format],
    'content-disposition': 'inline',
    'cache-control': shared ? 'public, max-age=31536000, immutable' : 'private, no-store',
  })
}

/** The whole, a part of it (RFC 9110 §14), or the word that the client has it already. */
function respond(
  { method, headers: asked }: Request,
  { bytes, etag }: ImageBytes,
  kind: Record<string, string>,
): Response {
  const size = bytes.byteLength
  const headers = { ...kind, etag, 'accept-ranges': 'bytes' }
  if (matchesEtag(asked, etag)) return new Response(null, { status: 304, headers })
  const condition = asked.get('if-range')
  const range =
    method === 'GET' && (condition === null || condition === etag) ? readRange(asked.get('range'), size) : null
  if (range === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { 'content-range': `bytes */${size}`, 'cache-control': 'no-store' },
    })
  }
  if (!range) return new Response(bytes, { headers: { ...headers, 'content-length': String(size) } })
  const { first, last } = range
  return new Response(new Uint8Array(bytes, first, last - first + 1), {
    status: 206,
    headers: {
      ...headers,
      'content-range': `bytes ${first}-${last}/${size}`,
      'content-length': String(last - first + 1),
    },
  })
}
