import * as z from 'zod'
import '../shared/faults.ts'
import { regionSetting } from '../shared/region-setting.ts'
import { type Region, regions } from '../shared/regions.ts'

const secret = z.string().min(32, 'must have at least 32 characters of random text')
const origin = z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).optional()
const Bucket = z.object({
  url: z
    .url({ protocol: /^https?$/ })
    .refine(isSecureOrLoopback, 'must be an https URL; http is for localhost only')
    .transform(url => url.replace(/\/+$/, '')),
  awsRegion: z.string().min(1),
})

const Environment = z.object({
  SITE_URL: z
    .url({ protocol: /^https?$/ })
    .refine(isSecureOrLoopback, 'must be an https URL; http is for localhost only, where cookies cannot leak'),
  ORIGIN_NA: origin,
  ORIGIN_EU: origin,
  ORIGIN_AP: origin,
  EDGE_KEY: secret,
  LIMIT_KEY: secret,
  DIRECTORY_KEY: secret,
  SHARED_REDIS_URL: z.url(),
  SHARED_REDIS_TOKEN: z.string().min(1),
  /** Where each region's photos lie: `{"na": {"url": "https://BUCKET.s3.us-east-1.amazonaws.com", "awsRegion": "us-east-1"}}`. */
  MEDIA_BUCKETS: regionSetting(Bucket),
  /** A key of AWS that may read `media/*` and `demo/*` of those buckets, and nothing else. */
  MEDIA_ACCESS_KEY_ID: z.string().min(1),
  MEDIA_SECRET_ACCESS_KEY: z.string().min(1),
  LOCAL_GEO: z.enum(['true', 'false', '']).optional(),
  /** Multiplies every rate limit: for test stacks, where a whole suite comes from one address. */
  LIMIT_SCALE: z.coerce.number().min(0.01).max(1_000).default(1),
  LOG_LEVEL: z.enum(['info', 'warn', 'error', 'silent']).default('info'),
})

export type Bucket = z.output<typeof Bucket>

export type Settings = {
  /** Scheme, host and port of the site, without a slash at the end. */
  siteOrigin: string
  /** Base URL of each region's origin; null where a region does not run. */
  origins: Record<Region, string | null>
  keys: { edge: string; limit: string; directory: string }
  redis: { url: string; token: string }
  /** Where the photos of each region lie, and where browsers send them; null where a region does not run. */
  buckets: Record<Region, Bucket | null>
  /** What the edge signs its reads of photos with. */
  mediaKey: { accessKeyId: string; secretAccessKey: string }
  localGeo: boolean
  limitScale: number
  logLevel: 'info' | 'warn' | 'error' | 'silent'
}

/** What is wrong with the settings, all of it at once. */
export class SettingsError extends Error {}

/**
 * Reads the settings of the edge from its bindings (Workers) or environment variables (Deno).
 * @throws SettingsError that lists every missing or wrong setting
 */
export function readSettings(env: Record<string, unknown>): Settings {
  const parsed = Environment.safeParse(env)
  const faults = parsed.error?.issues.map(issue => `  ${issue.path.join('.')}: ${issue.message}`) ?? []
  const e = parsed.data
  if (e && !e.ORIGIN_NA && !e.ORIGIN_EU && !e.ORIGIN_AP) faults.push('  ORIGIN_NA, ORIGIN_EU, ORIGIN_AP: one is needed')
  if (e && e.LOCAL_GEO === 'true' && !isLoopback(new URL(e.SITE_URL).hostname)) {
    faults.push('  LOCAL_GEO: must not be "true" but on localhost')
  }
  const bases = { na: e?.ORIGIN_NA, eu: e?.ORIGIN_EU, ap: e?.ORIGIN_AP }
  const running = regions.filter(region => bases[region])
  const homeless = running.filter(region => e && !e.MEDIA_BUCKETS[region])
  if (homeless.length > 0)
    faults.push(`  MEDIA_BUCKETS: must name a bucket for ${homeless.join(', ')}, whose origins are set`)
  if (!e || faults.length > 0) {
    throw new SettingsError(`Cannot start the edge, ${faults.length} setting(s) are wrong:\n${faults.join('\n')}`)
  }
  return {
    siteOrigin: new URL(e.SITE_URL).origin,
    origins: byRegion(region => bases[region]?.replace(/\/+$/, '') || null),
    keys: { edge: e.EDGE_KEY, limit: e.LIMIT_KEY, directory: e.DIRECTORY_KEY },
    redis: { url: e.SHARED_REDIS_URL, token: e.SHARED_REDIS_TOKEN },
    buckets: byRegion(region => (bases[region] && e.MEDIA_BUCKETS[region]) || null),
    mediaKey: { accessKeyId: e.MEDIA_ACCESS_KEY_ID, secretAccessKey: e.MEDIA_SECRET_ACCESS_KEY },
    localGeo: e.LOCAL_GEO === 'true',
    limitScale: e.LIMIT_SCALE,
    logLevel: e.LOG_LEVEL,
  }
}

/** Tells whether a host name is this very machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}

function byRegion<T>(give: (region: Region) => T): Record<Region, T> {
  return Object.fromEntries(regions.map(region => [region, give(region)])) as Record<Region, T>
}

/** What is no address at all has its own fault. */
function isSecureOrLoopback(url: string): boolean {
  if (!URL.canParse(url)) return true
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || isLoopback(hostname)
}
