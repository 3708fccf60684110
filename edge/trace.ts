const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
const requestIdPattern = /^[\w-]{16,64}$/

/**
 * Continues a caller's trace with a span of our own, or starts one (W3C Trace Context §3.2).
 * @param header the caller's `traceparent`; anything malformed or all zeros starts a new trace
 */
export function continueTrace(header: string | null): string {
  const [, traceId = '', parentId = '', flags = '01'] = traceparentPattern.exec(header ?? '') ?? []
  const known = /[1-9a-f]/.test(traceId) && /[1-9a-f]/.test(parentId)
  return known ? `00-${traceId}-${randomHex(8)}-${flags}` : `00-${randomHex(16)}-${randomHex(8)}-01`
}

/** Keeps a caller's request id when it can do no harm in a log, else makes one. */
export function continueRequestId(header: string | null): string {
  return header && requestIdPattern.test(header) ? header : crypto.randomUUID()
}

function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), byte => byte.toString(16).padStart(2, '0')).join('')
}
