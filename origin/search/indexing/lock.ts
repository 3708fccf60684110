import { sql } from 'kysely'
import type { Indexing } from './indexes.ts'

/** Any number that nothing else locks. */
const lock = 6_001

/** Somebody else works on the region's indexes. */
export class BusyError extends Error {}

/**
 * Does a piece of work while nobody else works on the region's indexes: an advisory lock on a connection of its own, which
 * ends with the process. The work asks by `stillOurs` before a step that two must not take; that throws when the
 * connection, and with it the lock, was lost.
 * @throws BusyError when somebody else does
 */
export function whileLocked<T>(
  { db }: Pick<Indexing, 'db'>,
  work: (stillOurs: () => Promise<void>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async connection => {
    const { rows } = await sql<{ ours: boolean }>`SELECT pg_try_advisory_lock(${lock}) AS ours`.execute(connection)
    if (!rows[0]?.ours) throw new BusyError('Cannot work on the indexes: somebody else does at the moment')
    try {
      return await work(async () => void (await sql`SELECT 1`.execute(connection)))
    } finally {
      await sql`SELECT pg_advisory_unlock(${lock})`.execute(connection).catch(() => {}) // it ended with the connection
    }
  })
}
