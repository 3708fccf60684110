import { scan } from './keys.ts'
import { type Commands, dropEmpty, find, findOrMake, integer, type Keyspace, put, removeMembers } from './keyspace.ts'

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
