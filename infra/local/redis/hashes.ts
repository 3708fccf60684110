import { scan } from './keys.ts'
import {
  addIntegers,
  type Commands,
  find,
  findOrMake,
  float,
  formatFloat,
  integer,
  type Keyspace,
  OK,
  RedisError,
  type Reply,
  removeMembers,
} from './keyspace.ts'

/** https://redis.io/docs/latest/commands/?group=hash */
export const hashes: Commands = {
  HSET: { min: 3, write: true, run: setFields },
  HMSET: { min: 3, write: true, run: setManyFields },
  HSETNX: {
    min: 3,
    max: 3,
    write: true,
    run: (db, [key = '', field = '', value = '']) =>
      find(db, key, 'hash')?.has(field) ? 0 : setFields(db, [key, field, value]),
  },
  HGET: {
    min: 2,
    max: 2,
    write: false,
    run: (db, [key = '', field = '']) => find(db, key, 'hash')?.get(field) ?? null,
  },
  HMGET: {
    min: 2,
    write: false,
    run: (db, [key = '', ...fields]) => fields.map(field => find(db, key, 'hash')?.get(field) ?? null),
  },
  HGETALL: { min: 1, max: 1, write: false, run: (db, [key = '']) => [...(find(db, key, 'hash') ?? [])].flat() },
  HKEYS: { min: 1, max: 1, write: false, run: (db, [key = '']) => [...(find(db, key, 'hash')?.keys() ?? [])] },
  HVALS: { min: 1, max: 1, write: false, run: (db, [key = '']) => [...(find(db, key, 'hash')?.values() ?? [])] },
  HLEN: { min: 1, max: 1, write: false, run: (db, [key = '']) => find(db, key, 'hash')?.size ?? 0 },
  HSTRLEN: {
    min: 2,
    max: 2,
    write: false,
    run: (db, [key = '', field = '']) => Buffer.byteLength(find(db, key, 'hash')?.get(field) ?? ''),
  },
  HEXISTS: {
    min: 2,
    max: 2,
    write: false,
    run: (db, [key = '', field = '']) => (find(db, key, 'hash')?.has(field) ? 1 : 0),
  },
  HDEL: {
    min: 2,
    write: true,
    run: (db, [key = '', ...fields]) => removeMembers(db, key, find(db, key, 'hash'), fields),
  },
  HINCRBY: {
    min: 3,
    max: 3,
    write: true,
    run(db, [key = '', field = '', by]) {
      const before = find(db, key, 'hash')?.get(field) ?? '0'
      if (!/^-?\d+$/.test(before)) throw new RedisError('ERR hash value is not an integer')
      const value = addIntegers(Number(before), integer(by))
      findOrMake(db, key, 'hash').set(field, String(value))
      return value
    },
  },
  HINCRBYFLOAT: {
    min: 3,
    max: 3,
    write: true,
    run(db, [key = '', field = '', by]) {
      const value = formatFloat(float(find(db, key, 'hash')?.get(field) ?? '0') + float(by))
      findOrMake(db, key, 'hash').set(field, value)
      return value
    },
  },
  HSCAN: {
    min: 2,
    write: false,
    run(db, [key = '', cursor, ...options]) {
      const hash = find(db, key, 'hash') ?? new Map<string, string>()
      const [next = '0', fields] = scan([...hash.keys()], cursor, options) as [string, string[]]
      return [next, fields.flatMap(field => [field, hash.get(field) ?? ''])]
    },
  },
}

function setFields(db: Keyspace, [key = '', ...pairs]: string[]): number {
  if (pairs.length % 2 !== 0) throw new RedisError("ERR wrong number of arguments for 'hset' command")
  const hash = findOrMake(db, key, 'hash')
  const before = hash.size
  for (let at = 0; at < pairs.length; at += 2) hash.set(pairs[at] ?? '', pairs[at + 1] ?? '')
  return hash.size - before
}

function setManyFields(db: Keyspace, args: string[]): Reply {
  setFields(db, args)
  return OK
}
