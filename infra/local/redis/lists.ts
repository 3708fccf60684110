import {
  type Commands,
  dropEmpty,
  find,
  findOrMake,
  integer,
  type Keyspace,
  OK,
  RedisError,
  type Reply,
  range,
  syntaxError,
} from './keyspace.ts'

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
