import {
  type Commands,
  findEntry,
  globToRegExp,
  integer,
  type Keyspace,
  OK,
  RedisError,
  type Reply,
  syntaxError,
} from './keyspace.ts'

/** https://redis.io/docs/latest/commands/?group=generic and a few of the server's own. */
export const keys: Commands = {
  PING: { min: 0, max: 1, write: false, run: (_db, [text]) => text ?? { status: 'PONG' } },
  ECHO: { min: 1, max: 1, write: false, run: (_db, [text = '']) => text },
  TIME: {
    min: 0,
    max: 0,
    write: false,
    run: db => [String(Math.floor(db.now / 1000)), String((db.now % 1000) * 1000)],
  },
  DBSIZE: { min: 0, max: 0, write: false, run: db => liveKeys(db).length },
  FLUSHDB: { min: 0, max: 1, write: true, run: flush },
  FLUSHALL: { min: 0, max: 1, write: true, run: flush },
  DEL: { min: 1, write: true, run: remove },
  UNLINK: { min: 1, write: true, run: remove },
  EXISTS: { min: 1, write: false, run: (db, names) => names.filter(name => findEntry(db, name)).length },
  TOUCH: { min: 1, write: false, run: (db, names) => names.filter(name => findEntry(db, name)).length },
  TYPE: { min: 1, max: 1, write: false, run: (db, [key = '']) => ({ status: findEntry(db, key)?.kind ?? 'none' }) },
  RENAME: { min: 2, max: 2, write: true, run: (db, [from = '', to = '']) => rename(db, from, to) },
  RENAMENX: {
    min: 2,
    max: 2,
    write: true,
    run(db, [from = '', to = '']) {
      if (!findEntry(db, from)) throw new RedisError('ERR no such key')
      if (findEntry(db, to)) return 0
      rename(db, from, to)
      return 1
    },
  },
  EXPIRE: { min: 2, write: true, run: (db, args) => expire(db, args, time => db.now + time * 1000) },
  PEXPIRE: { min: 2, write: true, run: (db, args) => expire(db, args, time => db.now + time) },
  EXPIREAT: { min: 2, write: true, run: (db, args) => expire(db, args, time => time * 1000) },
  PEXPIREAT: { min: 2, write: true, run: (db, args) => expire(db, args, time => time) },
  PERSIST: {
    min: 1,
    max: 1,
    write: true,
    run(db, [key = '']) {
      const entry = findEntry(db, key)
      if (entry === undefined || entry.expiresAt === null) return 0
      entry.expiresAt = null
      return 1
    },
  },
  TTL: {
    min: 1,
    max: 1,
    write: false,
    run: (db, [key = '']) => timeLeft(db, key, end => Math.round((end - db.now) / 1000)),
  },
  PTTL: { min: 1, max: 1, write: false, run: (db, [key = '']) => timeLeft(db, key, end => end - db.now) },
  EXPIRETIME: {
    min: 1,
    max: 1,
    write: false,
    run: (db, [key = '']) => timeLeft(db, key, end => Math.round(end / 1000)),
  },
  PEXPIRETIME: { min: 1, max: 1, write: false, run: (db, [key = '']) => timeLeft(db, key, end => end) },
  KEYS: { min: 1, max: 1, write: false, run: (db, [pattern = '*']) => liveKeys(db).filter(matches(pattern)) },
  RANDOMKEY: { min: 0, max: 0, write: false, run: db => liveKeys(db)[0] ?? null },
  SCAN: { min: 1, write: false, run: (db, [cursor, ...options]) => scan(liveKeys(db), cursor, options, db) },
}

/**
 * SCAN, HSCAN, SSCAN and ZSCAN answer everything in one page. COUNT is a hint by the manual, and so a script that deletes while it
 * scans misses nothing.
 */
export function scan(names: string[], cursor: string | undefined, options: string[], db?: Keyspace): Reply {
  integer(cursor)
  let found = names
  for (let at = 0; at < options.length; at += 2) {
    const [option, value] = [(options[at] ?? '').toUpperCase(), options[at + 1]]
    if (value === undefined) throw syntaxError()
    if (option === 'MATCH') {
      const pattern = globToRegExp(value)
      found = found.filter(name => pattern.test(name))
    } else if (option === 'TYPE' && db) found = found.filter(name => findEntry(db, name)?.kind === value.toLowerCase())
    else if (option !== 'COUNT') throw syntaxError()
  }
  return ['0', found]
}

function liveKeys(db: Keyspace): string[] {
  return [...db.entries.keys()].filter(key => findEntry(db, key))
}

function matches(pattern: string): (key: string) => boolean {
  const regExp = globToRegExp(pattern)
  return key => regExp.test(key)
}

function flush(db: Keyspace): Reply {
  db.entries.clear()
  return OK
}

function remove(db: Keyspace, names: string[]): Reply {
  return names.filter(name => findEntry(db, name) && db.entries.delete(name)).length
}

function rename(db: Keyspace, from: string, to: string): Reply {
  const entry = findEntry(db, from)
  if (entry === undefined) throw new RedisError('ERR no such key')
  db.entries.delete(from)
  db.entries.set(to, entry)
  return OK
}

function expire(db: Keyspace, [key = '', time, condition]: string[], toMs: (time: number) => number): Reply {
  const end = toMs(integer(time))
  const entry = findEntry(db, key)
  if (entry === undefined) return 0
  const current = entry.expiresAt ?? Infinity
  const name = (condition ?? '').toUpperCase()
  if (!['', 'NX', 'XX', 'GT', 'LT'].includes(name)) throw new RedisError(`ERR Unsupported option ${condition}`)
  const refused =
    (name === 'NX' && current !== Infinity) ||
    (name === 'XX' && current === Infinity) ||
    (name === 'GT' && end <= current) ||
    (name === 'LT' && end >= current)
  if (refused) return 0
  if (end <= db.now) db.entries.delete(key)
  else entry.expiresAt = end
  return 1
}

function timeLeft(db: Keyspace, key: string, show: (end: number) => number): number {
  const entry = findEntry(db, key)
  if (entry === undefined) return -2
  return entry.expiresAt === null ? -1 : show(entry.expiresAt)
}
