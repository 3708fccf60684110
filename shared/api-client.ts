import type * as z from 'zod'
import type { Counts } from './api.ts'
import type { OwnImageList } from './media.ts'
import type { MessageList } from './message.ts'
import type { PlaceList } from './place.ts'

/** What islands may ask of the API, with the type of each answer. */
type Reads = {
  '/places': z.infer<typeof PlaceList>
  '/post-counts': z.infer<typeof Counts>
  '/threads/:id/messages': MessageList
  '/posts/:id/images': OwnImageList
}

/**
 * Reads from our API in the browser; types only, so that no schema is shipped.
 * @param query empty values are left out
 * @param id stands for `:id` in the path
 * @throws when the answer is not 2xx, or `signal` says stop
 */
export async function read<P extends keyof Reads>(
  path: P,
  query: Record<string, string>,
  signal: AbortSignal,
  id = '',
): Promise<Reads[P]> {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
  const target = `/api/v1${path.replace(':id', id)}?${search}`
  const response = await fetch(target, { signal, headers: { accept: 'application/json' } })
  if (!response.ok) throw new Error(`Cannot read ${path}: ${response.status}`)
  return response.json()
}
