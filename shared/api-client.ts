import type * as z from 'zod'
import type { OwnImageList } from './media.ts'
import type { MessageList } from './message.ts'
import type { PlaceList } from './place.ts'
import type { SuggestionList } from './search.ts'

/** What islands may ask of the API, with the type of each answer. */
type Reads = {
  '/places': z.infer<typeof PlaceList>
  '/search/suggest': SuggestionList
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

/**
 * Reads a page of the site as a document whose scripts do not run. Not by fetch: text from there would have to go through a
 * parser that our Trusted Types forbid.
 * @throws when no document comes, or `signal` says stop
 */
export function readPage(path: string, signal: AbortSignal): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('GET', path)
    request.responseType = 'document'
    request.onload = () => (request.response ? resolve(request.response) : reject(new Error(`Cannot read ${path}`)))
    request.onerror = reject
    request.onabort = reject
    signal.addEventListener('abort', () => request.abort())
    request.send()
  })
}
