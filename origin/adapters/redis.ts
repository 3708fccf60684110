import { Redis } from '@upstash/redis'
import type { RedisConfig } from '../config.ts'

export type { Redis }

/** The one Redis client of the house: REST (architecture, decision 9). Each call ends after 2 s and is not retried. */
export function createRedis({ url, token }: RedisConfig): Redis {
  return new Redis({
    url,
    token,
    retry: false,
    enableTelemetry: false,
    automaticDeserialization: false,
    signal: () => AbortSignal.timeout(2_000),
  })
}
