import { regionOfId } from '../shared/ids.ts'
import { trustedTypesPolicy } from '../shared/trusted-types.ts'
import type { Settings } from './bindings.ts'

export type ResponseClass = 'page' | 'api' | 'asset' | 'media'

/** @param bucket where the page's script may send files, besides the site itself */
const pagePolicy = (bucket?: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "font-src 'self'",
    `connect-src 'self'${bucket ? ` ${bucket}` : ''}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypesPolicy}`,
  ].join('; ')

/** An answer for programs, or a picture: a browser that shows it as a document may do nothing at all with it. */
const inertPolicy = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"

const everywhere = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not "no-referrer": with it browsers send `Origin: null` with our own forms, and csrf.ts could not know them.
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy':
    'accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), ' +
    'encrypted-media=(), fullscreen=(self), geolocation=(self), gyroscope=(), hid=(), magnetometer=(), microphone=(), ' +
    'midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), ' +
    'usb=(), xr-spatial-tracking=()',
} as const

/** What every response of a class carries; the same on success, error, redirect and 304. */
export const securityHeaders: Readonly<Record<ResponseClass, Readonly<Record<string, string>>>> = {
  page: { ...everywhere, 'content-security-policy': pagePolicy() },
  asset: { ...everywhere, 'content-security-policy': pagePolicy() },
  media: { ...everywhere, 'content-security-policy': inertPolicy },
  api: { ...everywhere, 'content-security-policy': inertPolicy, 'x-robots-tag': 'noindex' },
}

/** Gives the headers of a response by its path. A post's photos are sent from one page, and to the bucket of that post's region. */
export function securityHeadersOf(
  pathname: string,
  { buckets }: Pick<Settings, 'buckets'>,
): Readonly<Record<string, string>> {
  const headers = securityHeaders[responseClassOf(pathname)]
  const region = regionOfId(/^\/posts\/([^/]+)\/photos$/.exec(pathname)?.[1] ?? '')
  const bucket = region && buckets[region]
  return bucket ? { ...headers, 'content-security-policy': pagePolicy(new URL(bucket.url).origin) } : headers
}

/** Tells by the path which headers a response needs. */
export function responseClassOf(pathname: string): ResponseClass {
  if (pathname === '/api' || pathname.startsWith('/api/') || pathname === '/healthz') return 'api'
  if (pathname.startsWith('/media/')) return 'media'
  return pathname.startsWith('/assets/') ? 'asset' : 'page'
}
