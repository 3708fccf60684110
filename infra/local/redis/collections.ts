import { scan } from './keys.ts'
import {
  addIntegers,
  type Commands,
  dropEmpty,
  find,
  findOrMake,
  float,
  formatFloat,
  integer,
  type Keyspace,
  OK,
  put,
  RedisError,
  type Reply,
  range,
  syntaxError,
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

/** https://redis.io/docs/latest/commands/?group=set */
export const sets: Commands = {
  SADD: {
    min: 2,
    write: true,
    run(db, [key = '', ...members]) {
      const set = findOrMake(db, key, 'set')
      const before = set.size
      for (const member of members) set.add(member)
      return set.size - before
    },
  },
  SREM: {
    min: 2,
    write: true,
    run: (db, [key = '', ...members]) => removeMembers(db, key, find(db, key, 'set'), members),
  },
  SMEMBERS: { min: 1, max: 1, write: false, run: (db, [key = '']) => [...(find(db, key, 'set') ?? [])] },
  SISMEMBER: {
    min: 2,
    max: 2,
    write: false,
    run: (db, [key = '', member = '']) => (find(db, key, 'set')?.has(member) ? 1 : 0),
  },
  SMISMEMBER: {
    min: 2,
    write: false,
    run: (db, [key = '', ...members]) => members.map(member => (find(db, key, 'set')?.has(member) ? 1 : 0)),
  },
  SCARD: { min: 1, max: 1, write: false, run: (db, [key = '']) => find(db, key, 'set')?.size ?? 0 },
  // The oldest member, not a random one: the log must give the same answer when it is replayed.
  SPOP: {
    min: 1,
    max: 2,
    write: true,
    run(db, [key = '', count]) {
      const members = [...(find(db, key, 'set') ?? [])].slice(0, count === undefined ? 1 : integer(count))
      removeMembers(db, key, find(db, key, 'set'), members)
      return count === undefined ? (members[0] ?? null) : members
    },
  },
  SRANDMEMBER: {
    min: 1,
    max: 2,
    write: false,
    run(db, [key = '', count]) {
      const members = [...(find(db, key, 'set') ?? [])].sort(() => Math.random() - 0.5)
      return count === undefined ? (members[0] ?? null) : members.slice(0, Math.abs(integer(count)))
    },
  },
  SMOVE: {
    min: 3,
    max: 3,
    write: true,
    run(db, [from = '', to = '', member = '']) {
      if (removeMembers(db, from, find(db, from, 'set'), [member]) === 0) return 0
      findOrMake(db, to, 'set').add(member)
      return 1
    },
  },
  SINTER: { min: 1, write: false, run: (db, names) => [...intersect(db, names)] },
  SUNION: { min: 1, write: false, run: (db, names) => [...unite(db, names)] },
  SDIFF: { min: 1, write: false, run: (db, names) => [...subtract(db, names)] },
  SINTERSTORE: { min: 2, write: true, run: (db, [to = '', ...names]) => storeSet(db, to, intersect(db, names)) },
  SUNIONSTORE: { min: 2, write: true, run: (db, [to = '', ...names]) => storeSet(db, to, unite(db, names)) },
  SDIFFSTORE: { min: 2, write: true, run: (db, [to = '', ...names]) => storeSet(db, to, subtract(db, names)) },
  SSCAN: {
    min: 2,
    write: false,
    run: (db, [key = '', cursor, ...options]) => scan([...(find(db, key, 'set') ?? [])], cursor, options),
  },
}

/** https://redis.io/docs/latest/commands/?group=list */
export const lists: Commands = {
  LPUSH: {
    min: 2,
    write: true,
    run: (db, [key = '', ...items]) => findOrMake(db, key, 'list').unshift(...items.reverse()),
  },
  RPUSH: { min: 2, write: true, run: (db, [key = '', ...items]) => findOrMake(db, key, 'list').push(...items) },
  LPUSHX: {
    min: 2,
    write: true,
    run: (db, [key = '', ...items]) => find(db, key, 'list')?.unshift(...items.reverse()) ?? 0,
  },
  RPUSHX: { min: 2, write: true, run: (db, [key = '', ...items]) => find(db, key, 'list')?.push(...items) ?? 0 },
  LPOP: {
    min: 1,
    max: 2,
    write: true,
    run: (db, [key = '', count]) => pop(db, key, count, (list, n) => list.splice(0, n)),
  },
  RPOP: {
    min: 1,
    max: 2,
    write: true,
    run: (db, [key = '', count]) => pop(db, key, count, (list, n) => (n === 0 ? [] : list.splice(-n).reverse())),
  },
  LLEN: { min: 1, max: 1, write: false, run: (db, [key = '']) => find(db, key, 'list')?.length ?? 0 },
  LINDEX: { min: 2, max: 2, write: false, run: (db, [key = '', at]) => find(db, key, 'list')?.at(integer(at)) ?? null },
  LRANGE: {
    min: 3,
    max: 3,
    write: false,
    run(db, [key = '', start, stop]) {
      const list = find(db, key, 'list') ?? []
      return list.slice(...range(integer(start), integer(stop), list.length))
    },
  },
  LSET: {
    min: 3,
    max: 3,
    write: true,
    run(db, [key = '', at, value = '']) {
      const list = find(db, key, 'list')
      if (list === undefined) throw new RedisError('ERR no such key')
      const index = integer(at) < 0 ? list.length + integer(at) : integer(at)
      if (index < 0 || index >= list.length) throw new RedisError('ERR index out of range')
      list[index] = value
      return OK
    },
  },
  LTRIM: {
    min: 3,
    max: 3,
    write: true,
    run(db, [key = '', start, stop]) {
      const list = find(db, key, 'list')
      if (list === undefined) return OK
      list.splice(0, list.length, ...list.slice(...range(integer(start), integer(stop), list.length)))
      dropEmpty(db, key, list.length)
      return OK
    },
  },
  LREM: {
    min: 3,
    max: 3,
    write: true,
    run(db, [key = '', count, value = '']) {
      const list = find(db, key, 'list') ?? []
      const limit = Math.abs(integer(count)) || list.length
      const places = list.flatMap((item, at) => (item === value ? [at] : []))
      const doomed = new Set(integer(count) < 0 ? places.slice(-limit) : places.slice(0, limit))
      if (doomed.size > 0) list.splice(0, list.length, ...list.filter((_, at) => !doomed.has(at)))
      if (doomed.size > 0) dropEmpty(db, key, list.length)
      return doomed.size
    },
  },
  LINSERT: {
    min: 4,
    max: 4,
    write: true,
    run(db, [key = '', where = '', pivot = '', value = '']) {
      const list = find(db, key, 'list')
      if (list === undefined) return 0
      const at = list.indexOf(pivot)
      if (at === -1) return -1
      list.splice(where.toUpperCase() === 'AFTER' ? at + 1 : at, 0, value)
      return list.length
    },
  },
  LMOVE: { min: 4, max: 4, write: true, run: (db, [from = '', to = '', out, into]) => move(db, from, to, out, into) },
  RPOPLPUSH: { min: 2, max: 2, write: true, run: (db, [from = '', to = '']) => move(db, from, to, 'RIGHT', 'LEFT') },
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

function intersect(db: Keyspace, names: string[]): Set<string> {
  const [first, ...others] = names.map(name => find(db, name, 'set') ?? new Set<string>())
  return new Set([...(first ?? [])].filter(member => others.every(set => set.has(member))))
}

function unite(db: Keyspace, names: string[]): Set<string> {
  return new Set(names.flatMap(name => [...(find(db, name, 'set') ?? [])]))
}

function subtract(db: Keyspace, names: string[]): Set<string> {
  const [first, ...others] = names.map(name => find(db, name, 'set') ?? new Set<string>())
  return new Set([...(first ?? [])].filter(member => !others.some(set => set.has(member))))
}

function storeSet(db: Keyspace, key: string, set: Set<string>): number {
  put(db, key, 'set', set)
  dropEmpty(db, key, set.size)
  return set.size
}

function pop(
  db: Keyspace,
  key: string,
  count: string | undefined,
  take: (list: string[], n: number) => string[],
): Reply {
  const list = find(db, key, 'list')
  const n = count === undefined ? 1 : integer(count)
  if (n < 0) throw new RedisError('ERR value is out of range, must be positive')
  if (list === undefined) return null
  const items = take(list, n)
  dropEmpty(db, key, list.length)
  return count === undefined ? (items[0] ?? null) : items
}

function move(db: Keyspace, from: string, to: string, out: string | undefined, into: string | undefined): Reply {
  const [side, target] = [out?.toUpperCase(), into?.toUpperCase()]
  if (!['LEFT', 'RIGHT'].includes(side ?? '') || !['LEFT', 'RIGHT'].includes(target ?? '')) throw syntaxError()
  find(db, to, 'list')
  const item = pop(db, from, undefined, (list, n) => (side === 'LEFT' ? list.splice(0, n) : list.splice(-n)))
  if (typeof item !== 'string') return null
  const list = findOrMake(db, to, 'list')
  if (target === 'LEFT') list.unshift(item)
  else list.push(item)
  return item
}
