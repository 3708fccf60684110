export type ResponseClass = 'page' | 'api' | 'asset'

/** Name of the one Trusted Types policy that client code may make. */
export const trustedTypesPolicy = 'classifyhub'

const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  `trusted-types ${trustedTypesPolicy}`,
].join('; ')

/** An answer for programs: a browser that shows it as a document may do nothing at all with it. */
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
  page: { ...everywhere, 'content-security-policy': pagePolicy },
  asset: { ...everywhere, 'content-security-policy': pagePolicy },
  api: { ...everywhere, 'content-security-policy': inertPolicy, 'x-robots-tag': 'noindex' },
}

/** Tells by the path which headers a response needs. */
export function responseClassOf(pathname: string): ResponseClass {
  if (pathname === '/api' || pathname.startsWith('/api/') || pathname === '/healthz') return 'api'
  return pathname.startsWith('/assets/') ? 'asset' : 'page'
}
