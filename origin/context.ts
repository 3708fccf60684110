import type { Kysely } from 'kysely'
import type { FindKey } from '../shared/access-token.ts'
import type { Region } from '../shared/regions.ts'
import type { Directory } from './accounts/directory.ts'
import type { OpenSearch } from './adapters/opensearch.ts'
import type { ObjectStore } from './adapters/s3.ts'
import type { Mailer } from './adapters/ses.ts'
import type { Config } from './config.ts'
import type { Database } from './db/schema.ts'
import type { Log } from './log.ts'
import type { PurgeLog } from './purge-log.ts'
import type { RegionKeys } from './region-keys.ts'

/** What verbs are given: settings, stores and a clock. A verb asks for the part that it uses. */
export type Context = {
  config: Config
  region: Region
  db: Kysely<Database>
  log: Log
  /** The present; tests hand in their own. */
  now: () => Date
  keys: RegionKeys
  /** Public keys of every region's access tokens. */
  findKey: FindKey
  directory: Directory
  /** The region's bucket. */
  objects: ObjectStore
  /** Tells every edge what is stale; write by `transactAndPurge`. */
  purgeLog: PurgeLog
  mailer: Mailer
  /** The search engine beside Postgres and the alias of this region's posts in it; undefined where there is none. */
  openSearch: { client: OpenSearch; alias: string } | undefined
}
