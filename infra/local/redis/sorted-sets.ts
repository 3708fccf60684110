import { scan } from './keys.ts'
import {
  type Commands,
  find,
  findOrMake,
  float,
  formatFloat,
  integer,
  type Keyspace,
  RedisError,
  type Reply,
  range,
  removeMembers,
  syntaxError,
} from './keyspace.ts'

type Ranked = [member: string, score: number]
type Bound = { value: number; exclusive: boolean }

/** https://redis.io/docs/latest/commands/?group=sorted-set (sorted at each read: these stand-ins hold thousands, not millions). */
export const sortedSets: Commands = {
  ZADD: { min: 3, write: true, run: add },
  ZINCRBY: {
    min: 3,
    max: 3,
    write: true,
    run: (db, [key = '', by = '', member = '']) => add(db, [key, 'INCR', by, member]),
  },
  ZREM: {
    min: 2,
    write: true,
    run: (db, [key = '', ...members]) => removeMembers(db, key, find(db, key, 'zset'), members),
  },
  ZCARD: { min: 1, max: 1, write: false, run: (db, [key = '']) => find(db, key, 'zset')?.size ?? 0 },
  ZSCORE: { min: 2, max: 2, write: false, run: (db, [key = '', member = '']) => scoreOf(db, key, member) },
  ZMSCORE: {
    min: 2,
    write: false,
    run: (db, [key = '', ...members]) => members.map(member => scoreOf(db, key, member)),
  },
  ZRANK: { min: 2, max: 2, write: false, run: (db, [key = '', member = '']) => rankOf(ranked(db, key), member) },
  ZREVRANK: {
    min: 2,
    max: 2,
    write: false,
    run: (db, [key = '', member = '']) => rankOf(ranked(db, key).reverse(), member),
  },
  ZCOUNT: {
    min: 3,
    max: 3,
    write: false,
    run: (db, [key = '', min, max]) => byScore(ranked(db, key), min, max).length,
  },
  ZLEXCOUNT: {
    min: 3,
    max: 3,
    write: false,
    run: (db, [key = '', min, max]) => byLex(ranked(db, key), min, max).length,
  },
  ZRANGE: { min: 3, write: false, run: (db, args) => show(...select(db, args)) },
  ZREVRANGE: { min: 3, write: false, run: (db, args) => show(...select(db, [...args, 'REV'])) },
  ZRANGEBYSCORE: { min: 3, write: false, run: (db, args) => show(...select(db, [...args, 'BYSCORE'])) },
  ZREVRANGEBYSCORE: { min: 3, write: false, run: (db, args) => show(...select(db, [...args, 'BYSCORE', 'REV'])) },
  ZRANGEBYLEX: { min: 3, write: false, run: (db, args) => show(...select(db, [...args, 'BYLEX'])) },
  ZREMRANGEBYRANK: { min: 3, max: 3, write: true, run: (db, args) => removeSelected(db, args) },
  ZREMRANGEBYSCORE: { min: 3, max: 3, write: true, run: (db, args) => removeSelected(db, [...args, 'BYSCORE']) },
  ZREMRANGEBYLEX: { min: 3, max: 3, write: true, run: (db, args) => removeSelected(db, [...args, 'BYLEX']) },
  ZPOPMIN: { min: 1, max: 2, write: true, run: (db, [key = '', count]) => popRanked(db, key, ranked(db, key), count) },
  ZPOPMAX: {
    min: 1,
    max: 2,
    write: true,
    run: (db, [key = '', count]) => popRanked(db, key, ranked(db, key).reverse(), count),
  },
  ZSCAN: {
    min: 2,
    write: false,
    run(db, [key = '', cursor, ...options]) {
      const [next = '0', members] = scan([...(find(db, key, 'zset')?.keys() ?? [])], cursor, options) as [
        string,
        string[],
      ]
      return [next, members.flatMap(member => [member, scoreOf(db, key, member) ?? ''])]
    },
  },
}

function add(db: Keyspace, [key = '', ...rest]: string[]): Reply {
  const flags = new Set<string>()
  while (/^(NX|XX|GT|LT|CH|INCR)$/i.test(rest[0] ?? '')) flags.add((rest.shift() ?? '').toUpperCase())
  if (rest.length === 0 || rest.length % 2 !== 0 || (flags.has('INCR') && rest.length !== 2)) throw syntaxError()
  if (flags.has('NX') && (flags.has('XX') || flags.has('GT') || flags.has('LT'))) {
    throw new RedisError('ERR XX and NX options at the same time are not compatible')
  }
  const pairs: Ranked[] = []
  for (let at = 0; at < rest.length; at += 2) pairs.push([rest[at + 1] ?? '', float(rest[at])])
  const set = find(db, key, 'zset') ?? new Map<string, number>()
  let added = 0
  let changed = 0
  let result: number | null = null
  for (const [member, amount] of pairs) {
    const before = set.get(member)
    const score = flags.has('INCR') ? (before ?? 0) + amount : amount
    if (Number.isNaN(score)) throw new RedisError('ERR resulting score is not a number (NaN)')
    if (before === undefined ? flags.has('XX') : flags.has('NX')) continue
    if (before !== undefined && ((flags.has('GT') && score <= before) || (flags.has('LT') && score >= before))) continue
    findOrMake(db, key, 'zset').set(member, score)
    result = score
    if (before === undefined) added++
    else if (before !== score) changed++
  }
  if (flags.has('INCR')) return result === null ? null : formatFloat(result)
  return flags.has('CH') ? added + changed : added
}

function ranked(db: Keyspace, key: string): Ranked[] {
  return [...(find(db, key, 'zset') ?? [])].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : a > b ? 1 : 0))
}

function scoreOf(db: Keyspace, key: string, member: string): string | null {
  const score = find(db, key, 'zset')?.get(member)
  return score === undefined ? null : formatFloat(score)
}

function rankOf(rows: Ranked[], member: string): number | null {
  const at = rows.findIndex(([name]) => name === member)
  return at === -1 ? null : at
}

function select(db: Keyspace, [key = '', start, stop, ...options]: string[]): [rows: Ranked[], withScores: boolean] {
  const flags = new Set<string>()
  let limit: [offset: number, count: number] | undefined
  for (let at = 0; at < options.length; at++) {
    const option = (options[at] ?? '').toUpperCase()
    if (option === 'LIMIT') limit = [integer(options[++at]), integer(options[++at])]
    else if (/^(BYSCORE|BYLEX|REV|WITHSCORES)$/.test(option)) flags.add(option)
    else throw syntaxError()
  }
  const reverse = flags.has('REV')
  const byValue = flags.has('BYSCORE') || flags.has('BYLEX')
  if (limit !== undefined && !byValue)
    throw new RedisError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX')
  const [low, high] = reverse && byValue ? [stop, start] : [start, stop]
  let rows = ranked(db, key)
  if (flags.has('BYSCORE')) rows = byScore(rows, low, high)
  else if (flags.has('BYLEX')) rows = byLex(rows, low, high)
  if (reverse) rows.reverse()
  if (!byValue) rows = rows.slice(...range(integer(start), integer(stop), rows.length))
  if (limit !== undefined) rows = rows.slice(limit[0], limit[1] < 0 ? undefined : limit[0] + limit[1])
  return [rows, flags.has('WITHSCORES')]
}

function show(rows: Ranked[], withScores: boolean): Reply {
  return withScores ? rows.flatMap(([member, score]) => [member, formatFloat(score)]) : rows.map(([member]) => member)
}

function removeSelected(db: Keyspace, args: string[]): Reply {
  const [rows] = select(db, args)
  const key = args[0] ?? ''
  return removeMembers(
    db,
    key,
    find(db, key, 'zset'),
    rows.map(([member]) => member),
  )
}

function popRanked(db: Keyspace, key: string, rows: Ranked[], count: string | undefined): Reply {
  const taken = rows.slice(0, count === undefined ? 1 : integer(count))
  removeMembers(
    db,
    key,
    find(db, key, 'zset'),
    taken.map(([member]) => member),
  )
  return show(taken, true)
}

function byScore(rows: Ranked[], min: string | undefined, max: string | undefined): Ranked[] {
  const [low, high] = [scoreBound(min), scoreBound(max)]
  return rows.filter(
    ([, score]) =>
      (low.exclusive ? score > low.value : score >= low.value) &&
      (high.exclusive ? score < high.value : score <= high.value),
  )
}

function scoreBound(text = ''): Bound {
  const exclusive = text.startsWith('(')
  try {
    return { value: float(exclusive ? text.slice(1) : text), exclusive }
  } catch {
    throw new RedisError('ERR min or max is not a float')
  }
}

function byLex(rows: Ranked[], min = '', max = ''): Ranked[] {
  if (![min, max].every(bound => /^([-+]$|[[(])/.test(bound)))
    throw new RedisError('ERR min or max not valid string range item')
  const above = (member: string) =>
    min === '-' || (min !== '+' && (min.startsWith('(') ? member > min.slice(1) : member >= min.slice(1)))
  const below = (member: string) =>
    max === '+' || (max !== '-' && (max.startsWith('(') ? member < max.slice(1) : member <= max.slice(1)))
  return rows.filter(([member]) => above(member) && below(member))
}
