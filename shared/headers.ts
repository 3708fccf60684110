/**
 * Names of the headers between edge and origin. The edge strips each of them from what a client sends,
 * and an origin believes them only under a valid `edge-signature`.
 */
export const internalHeaders = {
  signature: 'edge-signature',
  region: 'edge-region',
  visitor: 'edge-visitor',
  /** Milliseconds that the origin may take, counted from when it receives the request. */
  timeout: 'edge-timeout',
  /** On a 421 of an origin: the region that should be asked instead, once. */
  retryRegion: 'edge-retry-region',
} as const

export const requestIdHeader = 'x-request-id'
export const traceparentHeader = 'traceparent'
export const authenticatedHeaders = ['authorization', 'if-match', 'idempotency-key', 'content-type'] as const

/** How long each layer may take, in milliseconds (architecture, decision 8). */
export const deadlines = { edge: 10_000, origin: 8_000, dependency: 2_000 } as const

/** How long a form that is passed on as it comes may stand still, in milliseconds. */
export const idleLimit = 30_000

/** The largest body that the edge forwards and digests, in bytes. */
export const maxBodyBytes = 1_048_576
