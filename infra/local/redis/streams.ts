import {
  type Commands,
  find,
  findOrMake,
  integer,
  type Keyspace,
  RedisError,
  type Reply,
  type Stream,
  type StreamEntry,
  type StreamId,
  syntaxError,
} from './keyspace.ts'

/** https://redis.io/docs/latest/commands/?group=stream without consumer groups. Trimming is always exact, which `~` allows. */
export const streams: Commands = {
  XADD: { min: 4, write: true, run: add },
  XLEN: { min: 1, max: 1, write: false, run: (db, [key = '']) => find(db, key, 'stream')?.entries.length ?? 0 },
  XRANGE: {
    min: 3,
    max: 5,
    write: false,
    run: (db, [key = '', start, end, ...count]) => rangeOf(db, key, start, end, count, false),
  },
  XREVRANGE: {
    min: 3,
    max: 5,
    write: false,
    run: (db, [key = '', end, start, ...count]) => rangeOf(db, key, start, end, count, true),
  },
  XTRIM: {
    min: 3,
    write: true,
    run(db, [key = '', ...options]) {
      const { trim } = readTrim(options)
      const stream = find(db, key, 'stream')
      return stream === undefined || trim === undefined ? 0 : trim(stream)
    },
  },
  XDEL: {
    min: 2,
    write: true,
    run(db, [key = '', ...ids]) {
      const stream = find(db, key, 'stream')
      if (stream === undefined) return 0
      const doomed = new Set(ids.map(id => format(parseId(id, 0))))
      const kept = stream.entries.filter(entry => !doomed.has(format(entry.id)))
      const removed = stream.entries.length - kept.length
      stream.entries = kept
      return removed
    },
  },
  XREAD: { min: 3, write: false, run: read },
  XINFO: {
    min: 2,
    write: false,
    run(db, [what = '', key = '']) {
      const stream = find(db, key, 'stream')
      if (what.toUpperCase() !== 'STREAM') throw syntaxError()
      if (stream === undefined) throw new RedisError('ERR no such key')
      const [first, last] = [stream.entries[0], stream.entries.at(-1)]
      return [
        'length',
        stream.entries.length,
        'last-generated-id',
        format(stream.last),
        'groups',
        0,
        'first-entry',
        first ? show(first) : null,
        'last-entry',
        last ? show(last) : null,
      ]
    },
  },
}

function add(db: Keyspace, [key = '', ...args]: string[]): Reply {
  const make = args[0]?.toUpperCase() !== 'NOMKSTREAM'
  const { trim, used } = readTrim(make ? args : args.slice(1))
  const [id = '', ...fields] = args.slice(used + (make ? 0 : 1))
  if (fields.length === 0 || fields.length % 2 !== 0)
    throw new RedisError("ERR wrong number of arguments for 'xadd' command")
  const existing = find(db, key, 'stream')
  if (existing === undefined && !make) return null
  const next = nextId(id, existing?.last ?? [0, 0], db.now)
  const stream = findOrMake(db, key, 'stream')
  stream.entries.push({ id: next, fields })
  stream.last = next
  trim?.(stream)
  return format(next)
}

// MAXLEN|MINID [=|~] threshold [LIMIT count]
function readTrim(args: string[]): { trim: ((stream: Stream) => number) | undefined; used: number } {
  const strategy = args[0]?.toUpperCase()
  if (strategy !== 'MAXLEN' && strategy !== 'MINID') return { trim: undefined, used: 0 }
  let used = args[1] === '=' || args[1] === '~' ? 2 : 1
  const threshold = args[used++]
  if (args[used]?.toUpperCase() === 'LIMIT') used += 2
  const keep = strategy === 'MAXLEN' ? keepLast(integer(threshold)) : keepFrom(parseId(threshold, 0))
  const trim = (stream: Stream) => {
    const before = stream.entries.length
    stream.entries = keep(stream.entries)
    return before - stream.entries.length
  }
  return { trim, used }
}

function keepLast(count: number) {
  if (count < 0) throw new RedisError('ERR The MAXLEN argument must be >= 0.')
  return (entries: StreamEntry[]) => (count === 0 ? [] : entries.length > count ? entries.slice(-count) : entries)
}

function keepFrom(id: StreamId) {
  return (entries: StreamEntry[]) =>
    compare(entries[0]?.id ?? id, id) < 0 ? entries.filter(entry => compare(entry.id, id) >= 0) : entries
}

function nextId(text: string, last: StreamId, now: number): StreamId {
  if (text === '*') return now > last[0] ? [now, 0] : [last[0], last[1] + 1]
  const auto = /^(\d+)-\*$/.exec(text)
  const ms = Number(auto?.[1])
  const id: StreamId = auto ? [ms, ms === last[0] ? last[1] + 1 : 0] : parseId(text, 0)
  if (compare(id, [0, 0]) === 0) throw new RedisError('ERR The ID specified in XADD must be greater than 0-0')
  if (compare(id, last) > 0) return id
  throw new RedisError('ERR The ID specified in XADD is equal or smaller than the target stream top item')
}

function rangeOf(
  db: Keyspace,
  key: string,
  start = '-',
  end = '+',
  [option, count]: string[],
  reverse: boolean,
): Reply {
  if (option !== undefined && (option.toUpperCase() !== 'COUNT' || count === undefined)) throw syntaxError()
  const [low, high] = [bound(start, 0), bound(end, Number.MAX_SAFE_INTEGER)]
  const rows = (find(db, key, 'stream')?.entries ?? []).filter(({ id }) => {
    const [below, above] = [compare(id, low.id), compare(id, high.id)]
    return (low.exclusive ? below > 0 : below >= 0) && (high.exclusive ? above < 0 : above <= 0)
  })
  if (reverse) rows.reverse()
  return rows.slice(0, count === undefined ? undefined : Math.max(integer(count), 0)).map(show)
}

function bound(text: string, missingSeq: number): { id: StreamId; exclusive: boolean } {
  if (text === '-') return { id: [0, 0], exclusive: false }
  if (text === '+') return { id: [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER], exclusive: false }
  const exclusive = text.startsWith('(')
  return { id: parseId(exclusive ? text.slice(1) : text, missingSeq), exclusive }
}

function read(db: Keyspace, args: string[]): Reply {
  const at = args.findIndex(arg => arg.toUpperCase() === 'STREAMS')
  const names = args.slice(at + 1)
  const half = names.length / 2
  if (at === -1 || names.length === 0 || names.length % 2 !== 0) throw syntaxError()
  const countAt = args.slice(0, at).findIndex(arg => arg.toUpperCase() === 'COUNT')
  const count = countAt === -1 ? Infinity : integer(args[countAt + 1])
  const found = names.slice(0, half).flatMap((key, index): Reply[] => {
    const stream = find(db, key, 'stream')
    const from = names[half + index] ?? '$'
    if (stream === undefined || from === '$') return []
    const after = parseId(from, 0)
    const rows = stream.entries.filter(entry => compare(entry.id, after) > 0).slice(0, count)
    return rows.length === 0 ? [] : [[key, rows.map(show)]]
  })
  return found.length === 0 ? null : found
}

function parseId(text: string | undefined, missingSeq: number): StreamId {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text ?? '')
  if (match === null) throw new RedisError('ERR Invalid stream ID specified as stream command argument')
  return [Number(match[1]), match[2] === undefined ? missingSeq : Number(match[2])]
}

function compare(a: StreamId, b: StreamId): number {
  return a[0] - b[0] || a[1] - b[1]
}

function format(id: StreamId): string {
  return `${id[0]}-${id[1]}`
}

function show(entry: StreamEntry): Reply {
  return [format(entry.id), entry.fields]
}
