import {
  addIntegers,
  type Commands,
  find,
  findEntry,
  float,
  formatFloat,
  integer,
  type Keyspace,
  notAnInteger,
  OK,
  put,
  RedisError,
  type Reply,
  range,
  syntaxError,
} from './keyspace.ts'

/** https://redis.io/docs/latest/commands/?group=string */
export const strings: Commands = {
  GET: { min: 1, max: 1, write: false, run: (db, [key = '']) => find(db, key, 'string') ?? null },
  SET: { min: 2, write: true, run: set },
  SETNX: {
    min: 2,
    max: 2,
    write: true,
    run: (db, [key = '', value = '']) => (set(db, [key, value, 'NX']) === null ? 0 : 1),
  },
  SETEX: {
    min: 3,
    max: 3,
    write: true,
    run: (db, [key = '', ttl = '', value = '']) => set(db, [key, value, 'EX', ttl]),
  },
  PSETEX: {
    min: 3,
    max: 3,
    write: true,
    run: (db, [key = '', ttl = '', value = '']) => set(db, [key, value, 'PX', ttl]),
  },
  GETSET: { min: 2, max: 2, write: true, run: (db, [key = '', value = '']) => set(db, [key, value, 'GET']) },
  GETDEL: {
    min: 1,
    max: 1,
    write: true,
    run(db, [key = '']) {
      const value = find(db, key, 'string') ?? null
      db.entries.delete(key)
      return value
    },
  },
  GETEX: { min: 1, write: true, run: getAndExpire },
  MGET: {
    min: 1,
    write: false,
    run: (db, keys) =>
      keys.map(key => (findEntry(db, key)?.kind === 'string' ? (find(db, key, 'string') ?? null) : null)),
  },
  MSET: { min: 2, write: true, run: setMany },
  MSETNX: {
    min: 2,
    write: true,
    run(db, args) {
      if (args.some((key, at) => at % 2 === 0 && findEntry(db, key))) return 0
      setMany(db, args)
      return 1
    },
  },
  APPEND: {
    min: 2,
    max: 2,
    write: true,
    run(db, [key = '', more = '']) {
      const value = (find(db, key, 'string') ?? '') + more
      replace(db, key, value)
      return Buffer.byteLength(value)
    },
  },
  STRLEN: { min: 1, max: 1, write: false, run: (db, [key = '']) => Buffer.byteLength(find(db, key, 'string') ?? '') },
  GETRANGE: {
    min: 3,
    max: 3,
    write: false,
    run(db, [key = '', start, stop]) {
      const bytes = Buffer.from(find(db, key, 'string') ?? '')
      return bytes.subarray(...range(integer(start), integer(stop), bytes.length)).toString()
    },
  },
  INCR: { min: 1, max: 1, write: true, run: (db, [key = '']) => increment(db, key, 1) },
  DECR: { min: 1, max: 1, write: true, run: (db, [key = '']) => increment(db, key, -1) },
  INCRBY: { min: 2, max: 2, write: true, run: (db, [key = '', by]) => increment(db, key, integer(by)) },
  DECRBY: { min: 2, max: 2, write: true, run: (db, [key = '', by]) => increment(db, key, -integer(by)) },
  INCRBYFLOAT: {
    min: 2,
    max: 2,
    write: true,
    run(db, [key = '', by]) {
      const value = formatFloat(float(find(db, key, 'string') ?? '0') + float(by))
      replace(db, key, value)
      return value
    },
  },
}

/** When a time option of SET or GETEX ends, as Unix milliseconds. @throws {RedisError} for a time that is not positive */
function endOf(option: string, text: string | undefined, now: number): number {
  const amount = integer(text)
  if (amount <= 0) throw new RedisError("ERR invalid expire time in 'set' command")
  const ms = option.startsWith('P') ? amount : amount * 1000
  return option.endsWith('AT') ? ms : now + ms
}

function set(db: Keyspace, [key = '', value = '', ...options]: string[]): Reply {
  let condition = ''
  let returnsOld = false
  let keepsTtl = false
  let expiresAt: number | null = null
  for (let at = 0; at < options.length; at++) {
    const option = (options[at] ?? '').toUpperCase()
    if ((option === 'NX' || option === 'XX') && condition === '') condition = option
    else if (option === 'GET') returnsOld = true
    else if (option === 'KEEPTTL' && expiresAt === null) keepsTtl = true
    else if (/^(EX|PX|EXAT|PXAT)$/.test(option) && expiresAt === null && !keepsTtl)
      expiresAt = endOf(option, options[++at], db.now)
    else throw syntaxError()
  }
  const before = findEntry(db, key)
  const old = returnsOld ? (find(db, key, 'string') ?? null) : null
  if ((condition === 'NX' && before) || (condition === 'XX' && !before)) return old
  put(db, key, 'string', value, keepsTtl ? (before?.expiresAt ?? null) : expiresAt)
  return returnsOld ? old : OK
}

function getAndExpire(db: Keyspace, [key = '', option, time]: string[]): Reply {
  const value = find(db, key, 'string')
  const entry = findEntry(db, key)
  if (value === undefined || entry === undefined) return null
  const name = (option ?? '').toUpperCase()
  if (name === 'PERSIST') entry.expiresAt = null
  else if (/^(EX|PX|EXAT|PXAT)$/.test(name)) entry.expiresAt = endOf(name, time, db.now)
  else if (name !== '') throw syntaxError()
  return value
}

function setMany(db: Keyspace, args: string[]): Reply {
  if (args.length % 2 !== 0) throw new RedisError("ERR wrong number of arguments for 'mset' command")
  for (let at = 0; at < args.length; at += 2) put(db, args[at] ?? '', 'string', args[at + 1] ?? '')
  return OK
}

function increment(db: Keyspace, key: string, by: number): number {
  const text = find(db, key, 'string') ?? '0'
  if (!/^-?\d+$/.test(text)) throw notAnInteger()
  const value = addIntegers(Number(text), by)
  replace(db, key, String(value))
  return value
}

// A changed string keeps its time to live.
function replace(db: Keyspace, key: string, value: string) {
  put(db, key, 'string', value, findEntry(db, key)?.expiresAt ?? null)
}
