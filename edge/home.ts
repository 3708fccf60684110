import type { HomePage, Notice } from '../frontend/page-model.ts'
import { regionOfCountry } from '../shared/regions.ts'
import { callApi } from './dispatch.ts'
import { type Exchange, hurried } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { visitorPlace } from './visitor-place.ts'

/** Kilometres. */
const nearby = 50
const enough = 6
/** The rest of the page does not wait longer for a slow region, in milliseconds. */
const patience = 4_000

/** The newest near the visitor; where little is near, the newest of the country. */
export async function homePage(gateway: Gateway, request: Exchange, notice: Notice | null): Promise<HomePage> {
  const exchange = hurried(request, gateway.now(), patience)
  const { lat, lon, country } = visitorPlace(gateway, exchange)
  const page = { name: 'home', notice } as const
  try {
    const region = regionOfCountry(country) ?? exchange.region
    const near = await newest(gateway, exchange, { near: `${lat},${lon}`, radius: nearby, region })
    if (near.posts.length >= enough) return { ...page, scope: 'near', ...near }
    return { ...page, scope: 'country', ...(await newest(gateway, exchange, { country })) }
  } catch {
    return { ...page, scope: 'near', posts: null, counts: null }
  }
}

async function newest(gateway: Gateway, exchange: Exchange, query: Record<string, string | number>) {
  const [{ items }, counts] = await Promise.all([
    callApi(gateway, exchange, 'listPosts', { query: { ...query, limit: 24 } }),
    callApi(gateway, exchange, 'countPosts', { query }).catch(() => null),
  ])
  return { posts: items, counts }
}
