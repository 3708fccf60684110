import type { FindKey } from '../shared/access-token.ts'
import { createKeySets } from '../shared/key-sets.ts'
import { createAddressDirectory, type Finding } from './address-directory.ts'
import { readSettings, type Settings } from './bindings.ts'
import { createBucketReader } from './bucket.ts'
import { createKnownImages, type KnownImages } from './image-access.ts'
import { createImageStore, type ImageStore } from './image-bytes.ts'
import { createLog, type Log } from './log.ts'
import { createOriginClient } from './origin-client.ts'
import type { Platform } from './platform.ts'
import { createPurgeReader, type PurgeReader } from './purge.ts'
import { createLimiter, type Limiter } from './rate-limit.ts'
import { createRedis } from './redis.ts'
import { createTokenVerifier, type VerifyToken } from './token-cache.ts'

/** What lives as long as the isolate: settings, clients and caches. None of it holds I/O of a request. */
export type Gateway = {
  settings: Settings
  platform: Platform
  log: Log
  now: () => number
  origins: ReturnType<typeof createOriginClient>
  verifyToken: VerifyToken
  limiter: Limiter
  purges: PurgeReader
  knownImages: KnownImages
  imageStore: ImageStore
  findAddress: (email: string) => Promise<Finding>
}

/**
 * Builds the gateway.
 * @throws SettingsError that lists every wrong setting
 */
export function createGateway(platform: Platform, now: () => number = Date.now): Gateway {
  const settings = readSettings(platform.env)
  const log = createLog(settings.logLevel)
  const redis = createRedis(settings)
  return {
    settings,
    platform,
    log,
    now,
    origins: createOriginClient(settings, platform.fetchOrigin, log, now),
    verifyToken: createTokenVerifier(createFindKey(settings, now), now),
    limiter: createLimiter(settings, redis, log, now),
    purges: createPurgeReader(redis, log, now),
    knownImages: createKnownImages(),
    imageStore: createImageStore(settings, platform, createBucketReader(settings, log, now), now),
    findAddress: createAddressDirectory(settings, redis, log),
  }
}

function createFindKey(settings: Settings, now: () => number): FindKey {
  return createKeySets({
    now,
    async fetchKeys(region) {
      const base = settings.origins[region]
      if (!base) throw new Error(`Cannot fetch keys: region ${region} does not run here`)
      const response = await fetch(`${base}/.well-known/jwks.json`, {
        redirect: 'manual',
        signal: AbortSignal.timeout(2_000),
      })
      if (!response.ok) throw new Error(`Cannot fetch keys: region ${region} answered ${response.status}`)
      return response.json()
    },
  })
}
