import { execute } from './execute.ts'
import { createKeyspace, findEntry, type Keyspace, RedisError, type Reply } from './keyspace.ts'
import { openLog } from './log.ts'
import type { Backend, Outcome } from './rest.ts'

const SWEEP_EVERY_MS = 5000

/**
 * A store in this process, one key space for each name, kept in `folder` (in memory only, where none is given).
 * Commands of a batch run without another between them.
 */
export function createMemoryBackend(names: string[], folder?: string): Backend {
  const spaces = new Map<string, Keyspace>(names.map(name => [name, createKeyspace()]))
  const log = folder === undefined ? undefined : openLog(folder, spaces)
  const sweep = setInterval(() => spaces.forEach(removeExpired), SWEEP_EVERY_MS)
  sweep.unref()
  return {
    async run(space, commands) {
      const db = spaces.get(space)
      if (db === undefined) throw new Error(`Cannot run a command: no key space "${space}"`)
      db.now = Math.max(Date.now(), db.now)
      const writes: string[][] = []
      const outcomes = commands.map(command => attempt(() => execute(db, command, write => writes.push(write))))
      log?.append(space, db.now, writes)
      return outcomes
    },
    async close() {
      clearInterval(sweep)
      log?.close()
    },
  }
}

function attempt(work: () => Reply): Outcome {
  try {
    return { result: work() }
  } catch (error) {
    if (!(error instanceof RedisError)) throw error
    return { error: error.message }
  }
}

function removeExpired(db: Keyspace) {
  db.now = Math.max(Date.now(), db.now)
  for (const key of db.entries.keys()) findEntry(db, key)
}
