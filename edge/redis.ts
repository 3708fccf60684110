import { Redis } from '@upstash/redis'
import type { Settings } from './bindings.ts'

export type { Redis }

/** The Redis that all regions share, over REST. A call ends after 800 ms and is not retried: each caller knows how to do without. */
export function createRedis({ redis: { url, token } }: Settings): Redis {
  return new Redis({
    url,
    token,
    retry: false,
    enableTelemetry: false,
    automaticDeserialization: false,
    signal: () => AbortSignal.timeout(800),
  })
}
