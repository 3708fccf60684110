import assets from '../dist/client-manifest.json' with { type: 'json' }
import { createApp } from './app.ts'
import { type Connection, type Geo, nowhere } from './platform.ts'

type Env = Record<string, unknown> & { ASSETS: { fetch: (request: Request) => Promise<Response> } }
type WorkerRequest = Request & { cf?: Record<string, unknown> }

let app: ReturnType<typeof createApp> | undefined

export default {
  fetch(request: WorkerRequest, env: Env, context: { waitUntil: Connection['waitUntil'] }): Promise<Response> {
    app ??= createApp({
      env,
      assets,
      fetchOrigin: (url, init) => fetch(url, init),
      fetchAsset: asset => env.ASSETS.fetch(asset),
      cache: (caches as unknown as { default: Cache }).default,
    })
    return app.fetch(request, {
      ip: request.headers.get('cf-connecting-ip') ?? '',
      geo: request.cf ? geoOf(request.cf) : nowhere,
      waitUntil: work => context.waitUntil(work),
    })
  },
}

function geoOf(cf: Record<string, unknown>): Geo {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
  const number = (value: unknown) => (text(value) && Number.isFinite(Number(value)) ? Number(value) : null)
  const country = text(cf.country)
  const code = text(cf.regionCode)
  return {
    country,
    subdivision: country && code ? `${country}-${code}` : null,
    city: text(cf.city),
    continent: text(cf.continent),
    lat: number(cf.latitude),
    lon: number(cf.longitude),
    timeZone: text(cf.timezone),
  }
}
