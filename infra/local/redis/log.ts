import {
  closeSync,
  existsSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { execute } from './execute.ts'
import type { Entry, Keyspace, Stream } from './keyspace.ts'

/** What keeps the key spaces on disk. */
export type Log = {
  /** Writes commands down before their answer is given: a killed process loses nothing, a power cut at most a second. */
  append: (space: string, at: number, commands: string[][]) => void
  close: () => void
}

const SYNC_EVERY_MS = 1000
const COMPACT_FROM_BYTES = 4 * 1024 * 1024

/**
 * Opens the log of a folder and brings the key spaces to the state that it tells. A line is a command with its time,
 * `[space, at, ...command]`, or, after compaction, a whole key: `["=", space, key, kind, value, expiresAt]`.
 */
export function openLog(folder: string, spaces: Map<string, Keyspace>): Log {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, 'log.ndjson')
  let fd = openSync(file, 'a', 0o600)
  let size = existsSync(file) ? replay(file, fd, spaces) : 0
  let compactAt = Math.max(COMPACT_FROM_BYTES, size * 2)
  let dirty = false
  const timer = setInterval(() => {
    if (!dirty) return
    dirty = false
    fdatasync(fd, error => error && console.error(`Cannot sync ${file}: ${error.message}`))
  }, SYNC_EVERY_MS)

  function compact() {
    const next = openSync(`${file}.new`, 'w', 0o600)
    size = writeSync(next, dump(spaces))
    fsyncSync(next)
    closeSync(fd)
    renameSync(`${file}.new`, file)
    fd = next
    compactAt = Math.max(COMPACT_FROM_BYTES, size * 2)
  }

  return {
    append(space, at, commands) {
      if (commands.length === 0) return
      size += writeSync(fd, commands.map(command => `${JSON.stringify([space, at, ...command])}\n`).join(''))
      dirty = true
      if (size > compactAt) compact()
    },
    close() {
      clearInterval(timer)
      fsyncSync(fd)
      closeSync(fd)
    },
  }
}

// A killed process may leave half a line at the end; it was never answered, and it is cut off.
function replay(file: string, fd: number, spaces: Map<string, Keyspace>): number {
  const bytes = readFileSync(file)
  const end = bytes.lastIndexOf(10) + 1
  if (end < bytes.length) ftruncateSync(fd, end)
  const lines = bytes.subarray(0, end).toString().split('\n').slice(0, -1)
  for (const line of lines) {
    const record = JSON.parse(line)
    if (record[0] === '=') restore(spaces, record)
    else repeat(spaces, record)
  }
  return end
}

function repeat(spaces: Map<string, Keyspace>, [space, at, ...command]: [string, number, ...string[]]) {
  const db = spaces.get(space)
  if (db === undefined) return
  db.now = at
  execute(db, command, () => {})
}

function restore(
  spaces: Map<string, Keyspace>,
  [, space, key, kind, value, expiresAt]: [string, string, string, Entry['kind'], unknown, number | null],
) {
  spaces.get(space)?.entries.set(key, { kind, value: thaw(kind, value), expiresAt } as Entry)
}

function dump(spaces: Map<string, Keyspace>): string {
  let text = ''
  for (const [space, db] of spaces) {
    for (const [key, entry] of db.entries) {
      text += `${JSON.stringify(['=', space, key, entry.kind, freeze(entry), entry.expiresAt])}\n`
    }
  }
  return text
}

function freeze(entry: Entry): unknown {
  return entry.value instanceof Map || entry.value instanceof Set ? [...entry.value] : entry.value
}

function thaw(kind: Entry['kind'], value: unknown): unknown {
  if (kind === 'hash' || kind === 'zset') return new Map(value as [string, string][])
  return kind === 'set' ? new Set(value as string[]) : (value as string | string[] | Stream)
}
