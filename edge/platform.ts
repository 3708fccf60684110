import type { Assets } from '../frontend/page-model.ts'

/** What the runtime knows of where a request comes from, in the fields of Cloudflare's `request.cf`. */
export type Geo = {
  country: string | null
  subdivision: string | null
  city: string | null
  continent: string | null
  lat: number | null
  lon: number | null
  timeZone: string | null
}

export const nowhere: Geo = {
  country: null,
  subdivision: null,
  city: null,
  continent: null,
  lat: null,
  lon: null,
  timeZone: null,
}

/** What comes with one request besides the request. */
export type Connection = {
  ip: string
  geo: Geo
  /** Lets work go on after the answer. */
  waitUntil: (work: Promise<unknown>) => void
}

/** What Workers and Deno do differently, and nothing else. */
export type Platform = {
  /** Bindings or environment variables, unread. */
  env: Record<string, unknown>
  /** Public URLs of the built client. */
  assets: Assets
  /** Asks an origin; must not repeat a POST or PATCH by itself. */
  fetchOrigin: (url: string, init: RequestInit) => Promise<Response>
  /** Answers a GET or HEAD for a file of `dist/client`; 404 when there is none. */
  fetchAsset: (request: Request) => Promise<Response>
  /** Keeps responses outside the isolate, by address; null where the platform has no such place, or one that cannot forget. */
  cache: Pick<Cache, 'match' | 'put' | 'delete'> | null
}
