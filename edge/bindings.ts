import * as z from 'zod'
import '../shared/faults.ts'
import { type Region, regions } from '../shared/regions.ts'

const secret = z.string().min(32, 'must have at least 32 characters of random text')
const origin = z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).optional()

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
  LOCAL_GEO: z.enum(['true', 'false', '']).optional(),
  /** Multiplies every rate limit: for test stacks, where a whole suite comes from one address. */
  LIMIT_SCALE: z.coerce.number().min(0.01).max(1_000).default(1),
  LOG_LEVEL: z.enum(['info', 'warn', 'error', 'silent']).default('info'),
})

export type Settings = {
  /** Scheme, host and port of the site, without a slash at the end. */
  siteOrigin: string
  /** Base URL of each region's origin; null where a region does not run. */
  origins: Record<Region, string | null>
  keys: { edge: string; limit: string; directory: string }
  redis: { url: string; token: string }
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
  if (!e || faults.length > 0) {
    throw new SettingsError(`Cannot start the edge, ${faults.length} setting(s) are wrong:\n${faults.join('\n')}`)
  }
  const bases = { na: e.ORIGIN_NA, eu: e.ORIGIN_EU, ap: e.ORIGIN_AP }
  return {
    siteOrigin: new URL(e.SITE_URL).origin,
    origins: Object.fromEntries(
      regions.map(region => [region, bases[region]?.replace(/\/+$/, '') || null]),
    ) as Settings['origins'],
    keys: { edge: e.EDGE_KEY, limit: e.LIMIT_KEY, directory: e.DIRECTORY_KEY },
    redis: { url: e.SHARED_REDIS_URL, token: e.SHARED_REDIS_TOKEN },
    localGeo: e.LOCAL_GEO === 'true',
    limitScale: e.LIMIT_SCALE,
    logLevel: e.LOG_LEVEL,
  }
}

/** Tells whether a host name is this very machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}

function isSecureOrLoopback(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' || isLoopback(hostname)
}
