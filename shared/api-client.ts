import type * as z from 'zod'
import type { Counts } from './api.ts'
import type { PlaceList } from './place.ts'

/** What islands may ask of the API, with the type of each answer. */
type Reads = {
  '/places': z.infer<typeof PlaceList>
  '/post-counts': z.infer<typeof Counts>
}

/**
 * Reads from our API in the browser; types only, so that no schema is shipped.
 * @param query empty values are left out
 * @throws when the answer is not 2xx, or `signal` says stop
 */
export async function read<P extends keyof Reads>(
  path: P,
  query: Record<string, string>,
  signal: AbortSignal,
): Promise<Reads[P]> {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''))
  const response = await fetch(`/api/v1${path}?${search}`, { signal, headers: { accept: 'application/json' } })
  if (!response.ok) throw new Error(`Cannot read ${path}: ${response.status}`)
  return response.json()
}
