/** What a stream holds: entries in the order of their ids, and the highest id ever given (it outlives its entry). */
export type Stream = { entries: StreamEntry[]; last: StreamId }
export type StreamId = [ms: number, seq: number]
export type StreamEntry = { id: StreamId; fields: string[] }

/** The Redis types, as values of JavaScript. Strings are text: a value that is not UTF-8 does not survive. */
export type Values = {
  string: string
  hash: Map<string, string>
  list: string[]
  set: Set<string>
  zset: Map<string, number>
  stream: Stream
}
export type Kind = keyof Values
export type Entry = { [K in Kind]: { kind: K; value: Values[K]; expiresAt: number | null } }[Kind]

/** One key space. `now` (Unix ms) stands still while a command or a script runs, and is set from the log when it is replayed. */
export type Keyspace = { entries: Map<string, Entry>; now: number }

/** What a command answers: `Status` is a word such as OK, which clients must be able to tell from a stored string. */
export type Reply = string | number | null | Status | Reply[]
export type Status = { status: string }
export const OK: Status = { status: 'OK' }

/** A command: its least and most arguments (without its name), whether it may change something, and what it does. */
type Command = { min: number; max?: number; write: boolean; run: (db: Keyspace, args: string[]) => Reply }
export type Commands = Record<string, Command>

/** An error that Redis would give as an answer; the text begins with its code. */
export class RedisError extends Error {}

export const syntaxError = () => new RedisError('ERR syntax error')
export const notAnInteger = () => new RedisError('ERR value is not an integer or out of range')

/** Makes an empty key space. */
export function createKeyspace(): Keyspace {
  return { entries: new Map(), now: Date.now() }
}

/** Finds a key of any type; an expired one is removed on the way. */
export function findEntry(db: Keyspace, key: string): Entry | undefined {
  const entry = db.entries.get(key)
  if (entry === undefined || entry.expiresAt === null || entry.expiresAt > db.now) return entry
  db.entries.delete(key)
  return undefined
}

/** Finds the value of a key. @throws {RedisError} WRONGTYPE where the key holds another type. */
export function find<K extends Kind>(db: Keyspace, key: string, kind: K): Values[K] | undefined {
  const entry = findEntry(db, key)
  if (entry === undefined) return undefined
  if (entry.kind !== kind) throw new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value')
  return entry.value as Values[K]
}

/** Finds the value of a key or makes an empty one. @throws {RedisError} WRONGTYPE */
export function findOrMake<K extends Exclude<Kind, 'string'>>(db: Keyspace, key: string, kind: K): Values[K] {
  const found = find(db, key, kind)
  if (found !== undefined) return found
  const value = EMPTY[kind]() as Values[K]
  put(db, key, kind, value)
  return value
}

/** Stores a value under a key, whatever was there. */
export function put<K extends Kind>(
  db: Keyspace,
  key: string,
  kind: K,
  value: Values[K],
  expiresAt: number | null = null,
): void {
  db.entries.set(key, { kind, value, expiresAt } as Entry)
}

/** Redis keeps no empty collections; call it after something was taken out of one (streams may be empty). */
export function dropEmpty(db: Keyspace, key: string, size: number): void {
  if (size === 0) db.entries.delete(key)
}

/** Takes members out of a hash, set or sorted set; an emptied one goes. @returns how many there were */
export function removeMembers(
  db: Keyspace,
  key: string,
  from: { delete: (member: string) => boolean; size: number } | undefined,
  members: string[],
): number {
  if (from === undefined) return 0
  const removed = members.filter(member => from.delete(member)).length
  dropEmpty(db, key, from.size)
  return removed
}

/** An argument as an integer. @throws {RedisError} */
export function integer(text: string | undefined): number {
  const value = Number(text)
  if (text === undefined || !/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value)) throw notAnInteger()
  return value
}

/** An argument as a number, `inf` included. @throws {RedisError} */
export function float(text: string | undefined): number {
  if (text !== undefined && /^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  const value = Number(text)
  if (text === undefined || text.trim() === '' || Number.isNaN(value))
    throw new RedisError('ERR value is not a valid float')
  return value
}

/** A number as Redis writes it. */
export function formatFloat(value: number): string {
  if (value === Infinity) return 'inf'
  return value === -Infinity ? '-inf' : String(value)
}

/** A sum of two integers. @throws {RedisError} beyond 2^53, where JavaScript can no longer count. */
export function addIntegers(a: number, b: number): number {
  const sum = a + b
  if (!Number.isSafeInteger(sum)) throw new RedisError('ERR increment or decrement would overflow')
  return sum
}

/** Redis indexes: negative ones count from the end. @returns a half-open range within `length` */
export function range(start: number, stop: number, length: number): [from: number, to: number] {
  const from = start < 0 ? Math.max(length + start, 0) : start
  const to = stop < 0 ? length + stop : Math.min(stop, length - 1)
  return from > to ? [0, 0] : [from, to + 1]
}

/** A glob pattern of KEYS and SCAN as a regular expression. */
export function globToRegExp(pattern: string): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at)
    if (char === '*') source += '.*'
    else if (char === '?') source += '.'
    else if (char === '[' && pattern.includes(']', at + 1)) {
      const end = pattern.indexOf(']', at + 1)
      source += `[${pattern.slice(at + 1, end).replace(/\\/g, '\\\\')}]`
      at = end
    } else source += escapeChar(char === '\\' ? pattern.charAt(++at) : char)
  }
  return new RegExp(`^${source}$`, 's')
}

function escapeChar(char: string): string {
  return char.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}

const EMPTY = {
  hash: () => new Map<string, string>(),
  list: (): string[] => [],
  set: () => new Set<string>(),
  zset: () => new Map<string, number>(),
  stream: (): Stream => ({ entries: [], last: [0, 0] }),
}
