import { createKeySets } from '../shared/key-sets.ts'
import { type Region, regions } from '../shared/regions.ts'
import { createDirectory } from './accounts/directory.ts'
import { publicKeySet } from './accounts/signing-keys.ts'
import { createOpenSearch } from './adapters/opensearch.ts'
import { createRedis } from './adapters/redis.ts'
import { createObjectStore } from './adapters/s3.ts'
import { createMailer } from './adapters/ses.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { connect } from './db/connect.ts'
import { createLog } from './log.ts'
import { carryTraces } from './outbox.ts'
import { createPurgeLog } from './purge-log.ts'
import { deriveRegionKeys } from './region-keys.ts'
import { aliasOf } from './search/opensearch/names.ts'

/** Builds the context from settings: connects lazily, migrates nothing. Close it with `ctx.db.destroy()`. */
export async function createContext(config: Config, now: () => Date = () => new Date()): Promise<Context> {
  const log = createLog(config.logLevel, { region: config.region })
  const db = await connect({ ...config.database, onError: err => log.warn({ err }, 'a database connection was lost') })
  const sharedRedis = createRedis(config.redis.shared)
  const ctx: Context = {
    config,
    region: config.region,
    db,
    log,
    now,
    keys: deriveRegionKeys(config.keys.region),
    directory: createDirectory({
      redis: sharedRedis,
      secret: config.keys.directory,
      now,
      region: config.region,
      regions: regions.filter(region => region === config.region || config.peers[region]),
    }),
    purgeLog: createPurgeLog(sharedRedis, now),
    mailer: createMailer(config),
    objects: createObjectStore(config.aws),
    openSearch:
      config.openSearchUrl === undefined
        ? undefined
        : { client: createOpenSearch({ url: config.openSearchUrl }), alias: aliasOf(config.region) },
    findKey: createKeySets({ fetchKeys, now: () => now().getTime() }),
  }
  if (ctx.openSearch) carryTraces(db)
  return ctx

  /** A region reads its own keys from its database and the others' from their public address. */
  async function fetchKeys(region: Region) {
    if (region === config.region) return publicKeySet(ctx)
    const peer = config.peers[region]
    if (!peer) return { keys: [] }
    const response = await fetch(new URL('/.well-known/jwks.json', peer), { signal: AbortSignal.timeout(2_000) })
    if (!response.ok) throw new Error(`Cannot read the keys of ${region}: status ${response.status}`)
    return response.json()
  }
}
