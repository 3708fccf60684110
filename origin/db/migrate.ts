import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import * as accountsAndPosts from './migrations/001-accounts-and-posts.ts'
import * as jobs from './migrations/002-jobs.ts'
import * as mails from './migrations/003-mails.ts'
import * as messages from './migrations/004-messages.ts'
import * as lifeCycle from './migrations/005-life-cycle.ts'
import * as images from './migrations/010-images.ts'
import * as erasing from './migrations/011-erasing.ts'
import * as search from './migrations/020-search.ts'
import * as searchIndex from './migrations/021-search-index.ts'
import * as searchSpeed from './migrations/022-search-speed.ts'
import * as suggestions from './migrations/023-suggestions.ts'
import * as searchWords from './migrations/024-search-words.ts'
import type { Database } from './schema.ts'

/** A new migration is imported above and named here in order; one that has run anywhere is never changed. */
const migrations: Record<string, Migration> = {
  '001-accounts-and-posts': accountsAndPosts,
  '002-jobs': jobs,
  '003-mails': mails,
  '004-messages': messages,
  '005-life-cycle': lifeCycle,
  '010-images': images,
  '011-erasing': erasing,
  '020-search': search,
  '021-search-index': searchIndex,
  '022-search-speed': searchSpeed,
  '023-suggestions': suggestions,
  '024-search-words': searchWords,
}

/** How long a starting process waits for Postgres, in milliseconds; to die and start again costs more than to wait. */
const patience = 30_000
const retryEvery = 200

/** As `migrate`, but a Postgres that does not answer yet gets half a minute. @throws its last error after that */
export async function migrateWhenReady(db: Kysely<Database>): Promise<void> {
  const until = Date.now() + patience
  for (;;) {
    try {
      return await migrate(db)
    } catch (error) {
      if (!isAway(error) || Date.now() > until) throw error
      await sleep(retryEvery)
    }
  }
}

/**
 * Brings the schema up to date under Kysely's lock; safe when several processes start at once.
 * @throws the first migration's error; nothing of a failed migration stays
 */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Nobody listens, or Postgres is starting (57P03). */
function isAway(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: string }
  return ['ECONNREFUSED', 'ECONNRESET', '57P03'].includes(code ?? '')
}
