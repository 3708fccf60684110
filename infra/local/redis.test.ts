import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choosePorts } from './ports.ts'
import { waitUntil } from './processes.ts'
import { createMemoryBackend } from './redis/memory.ts'
import { createRealBackend } from './redis/real.ts'
import { type Backend, createRestServer } from './redis/rest.ts'

const SPACES = ['shared', 'na']
const folder = mkdtempSync(path.join(os.tmpdir(), 'classifyhub redis '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hasServer = spawnSync('redis-server', ['--version']).status === 0
const canRunReal = process.env.REDIS_URL !== undefined || hasServer
if (!canRunReal)
  console.log('redis.test.ts: no redis-server and no REDIS_URL at hand: the contract runs on the in-process store only')

describe('in-process store', () => contract(async () => createMemoryBackend(SPACES, path.join(folder, 'contract'))))
describe.runIf(canRunReal)('real Redis', () =>
  contract(async () => createRealBackend(await realUrl(), randomUUID(), SPACES)),
)

async function serve(backend: Backend) {
  const server = createRestServer(backend, token => (SPACES.includes(token) ? token : undefined))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    client: (token: string, options = {}) => new Redis({ url, token, retry: false, ...options }),
    async close() {
      server.close().closeAllConnections()
      await backend.close()
    },
  }
}

let started: { kill: () => void } | undefined
afterAll(() => started?.kill())

async function realUrl(): Promise<string> {
  if (process.env.REDIS_URL !== undefined) return process.env.REDIS_URL
  const { redis } = await choosePorts(path.join(folder, 'ports.json'), ['redis'])
  const child = spawn('redis-server', ['--port', String(redis), '--save', '', '--bind', '127.0.0.1'], {
    stdio: 'ignore',
  })
  started = { kill: () => child.kill() }
  return `redis://127.0.0.1:${redis}`
}

function contract(createBackend: () => Promise<Backend>) {
  let bridge: Awaited<ReturnType<typeof serve>>
  let redis: Redis
  beforeAll(async () => {
    bridge = await serve(await createBackend())
    redis = bridge.client('shared')
  })
  afterAll(() => bridge.close())
  const key = (name: string) => `${name}:${randomUUID()}`

  it('strings: text comes back code point for code point, "OK" and numbers included', async () => {
    const plain = bridge.client('shared', { automaticDeserialization: false })
    for (const text of ['OK', 'héllo ✓ 🐘', 'T0s=', '007', '', '{"a":1}', '\u0000\n']) {
      const name = key('text')
      expect(await plain.set(name, text)).toBe('OK')
      expect(await plain.get(name)).toBe(text)
    }
  })

  it('SET: NX, XX, GET, KEEPTTL and times to live', async () => {
    const name = key('set')
    expect(await redis.set(name, 'a', { nx: true, px: 50_000 })).toBe('OK')
    expect(await redis.set(name, 'b', { nx: true })).toBeNull()
    expect(await redis.set(name, 'c', { xx: true, get: true, keepTtl: true })).toBe('a')
    expect(await redis.pttl(name)).toBeGreaterThan(40_000)
    expect(await redis.set(key('absent'), 'x', { xx: true })).toBeNull()
    expect(await redis.set(name, 'd')).toBe('OK')
    expect(await redis.ttl(name)).toBe(-1)
    expect(await redis.ttl(key('absent'))).toBe(-2)
    expect(await redis.getdel(name)).toBe('d')
    expect(await redis.exists(name)).toBe(0)
  })

  it('a key is gone when its time is over', async () => {
    const name = key('short')
    await redis.set(name, 1, { px: 30 })
    expect(await waitUntil(async () => (await redis.get(name)) === null, 2000)).toBe(true)
    expect(await redis.pttl(name)).toBe(-2)
  })

  it('EXPIRE: NX, XX, GT, LT, PERSIST', async () => {
    const name = key('expire')
    await redis.set(name, 1)
    expect(await redis.expire(name, 100, 'XX')).toBe(0)
    expect(await redis.expire(name, 100, 'NX')).toBe(1)
    expect(await redis.expire(name, 50, 'GT')).toBe(0)
    expect(await redis.expire(name, 50, 'LT')).toBe(1)
    expect(await redis.ttl(name)).toBe(50)
    expect(await redis.persist(name)).toBe(1)
    expect(await redis.ttl(name)).toBe(-1)
    expect(await redis.pexpireat(name, Date.now() - 1)).toBe(1)
    expect(await redis.exists(name)).toBe(0)
  })

  it('counters and their faults', async () => {
    const name = key('count')
    expect(await redis.incr(name)).toBe(1)
    expect(await redis.incrby(name, 41)).toBe(42)
    expect(await redis.decrby(name, 2)).toBe(40)
    expect(await redis.incrbyfloat(name, 0.5)).toBe(40.5)
    await redis.set(name, 'abc')
    await expect(redis.incr(name)).rejects.toThrow('ERR value is not an integer or out of range')
    await expect(redis.hget(name, 'f')).rejects.toThrow('WRONGTYPE')
    await expect(redis.exec(['NOSUCH', 'x'])).rejects.toThrow("ERR unknown command 'NOSUCH'")
    await expect(redis.exec(['SET', name])).rejects.toThrow("ERR wrong number of arguments for 'set' command")
  })

  it('many keys: MSET, MGET, DEL, EXISTS, SCAN, KEYS, TYPE', async () => {
    const prefix = key('many')
    await redis.mset(Object.fromEntries([1, 2, 3].map(n => [`${prefix}:${n}`, n])))
    expect(await redis.mget(`${prefix}:1`, `${prefix}:9`, `${prefix}:3`)).toEqual([1, null, 3])
    const found: string[] = []
    let cursor = '0'
    do {
      const [next, page] = await redis.scan(cursor, { match: `${prefix}:*`, count: 2 })
      found.push(...page)
      cursor = next
    } while (cursor !== '0')
    expect(found.sort()).toEqual([1, 2, 3].map(n => `${prefix}:${n}`))
    expect((await redis.keys(`${prefix}:[12]`)).sort()).toEqual([`${prefix}:1`, `${prefix}:2`])
    expect(await redis.type(`${prefix}:1`)).toBe('string')
    expect(await redis.del(`${prefix}:1`, `${prefix}:2`, `${prefix}:9`)).toBe(2)
    expect(await redis.exists(`${prefix}:1`, `${prefix}:3`)).toBe(1)
  })

  it('hashes', async () => {
    const name = key('hash')
    expect(await redis.hset(name, { a: 1, b: 'x' })).toBe(2)
    expect(await redis.hset(name, { b: 'y', c: true })).toBe(1)
    expect(await redis.hgetall(name)).toEqual({ a: 1, b: 'y', c: true })
    expect(await redis.hmget(name, 'a', 'z')).toEqual({ a: 1, z: null })
    expect(await redis.hincrby(name, 'a', 4)).toBe(5)
    expect(await redis.hsetnx(name, 'a', 0)).toBe(0)
    expect(await redis.hexists(name, 'a')).toBe(1)
    expect(await redis.hlen(name)).toBe(3)
    expect((await redis.hscan(name, 0))[0]).toBe('0')
    expect(await redis.hdel(name, 'a', 'b', 'c')).toBe(3)
    expect(await redis.exists(name)).toBe(0)
    expect(await redis.hgetall(name)).toBeNull()
  })

  it('sets', async () => {
    const [one, two] = [key('set'), key('set')]
    expect(await redis.sadd(one, 'a', 'b', 'c')).toBe(3)
    expect(await redis.sadd(two, 'b', 'c', 'd')).toBe(3)
    expect((await redis.sinter(one, two)).sort()).toEqual(['b', 'c'])
    expect((await redis.sunion(one, two)).sort()).toEqual(['a', 'b', 'c', 'd'])
    expect(await redis.sdiff(one, two)).toEqual(['a'])
    expect(await redis.smismember(one, ['a', 'z'])).toEqual([1, 0])
    expect(await redis.srem(one, 'a', 'z')).toBe(1)
    expect(await redis.scard(one)).toBe(2)
    expect(['b', 'c']).toContain(await redis.spop(one))
    expect(await redis.sdiffstore(one, two, two)).toBe(0)
    expect(await redis.exists(one)).toBe(0)
  })

  it('lists', async () => {
    const [name, other] = [key('list'), key('list')]
    expect(await redis.rpush(name, 'a', 'b', 'c')).toBe(3)
    expect(await redis.lpush(name, 'y', 'z')).toBe(5)
    expect(await redis.lrange(name, 0, -1)).toEqual(['z', 'y', 'a', 'b', 'c'])
    expect(await redis.lrange(name, -2, 100)).toEqual(['b', 'c'])
    expect(await redis.lindex(name, -1)).toBe('c')
    expect(await redis.lpop(name)).toBe('z')
    expect(await redis.rpop(name, 2)).toEqual(['c', 'b'])
    expect(await redis.lmove(name, other, 'right', 'left')).toBe('a')
    expect(await redis.ltrim(name, 5, 9)).toBe('OK')
    expect(await redis.exists(name)).toBe(0)
    expect(await redis.lrem(other, 0, 'a')).toBe(1)
    expect(await redis.llen(other)).toBe(0)
  })

  it('sorted sets', async () => {
    const name = key('zset')
    expect(
      await redis.zadd(
        name,
        { score: 1, member: 'a' },
        { score: 2, member: 'b' },
        { score: 2, member: 'bb' },
        { score: 3.5, member: 'c' },
      ),
    ).toBe(4)
    expect(await redis.zadd(name, { gt: true, ch: true }, { score: 0, member: 'c' }, { score: 4, member: 'b' })).toBe(1)
    expect(await redis.zadd(name, { nx: true }, { score: 9, member: 'a' })).toBe(0)
    expect(await redis.zrange(name, 0, -1)).toEqual(['a', 'bb', 'c', 'b'])
    expect(await redis.zrange(name, 0, 1, { rev: true, withScores: true })).toEqual(['b', 4, 'c', 3.5])
    expect(await redis.zrange(name, '(1' as `(${number}`, '+inf', { byScore: true, offset: 1, count: 1 })).toEqual([
      'c',
    ])
    expect(await redis.zrange(name, 4, '(2' as `(${number}`, { byScore: true, rev: true })).toEqual(['b', 'c'])
    expect(await redis.zincrby(name, 1.25, 'a')).toBe(2.25)
    expect(await redis.zrank(name, 'a')).toBe(1)
    expect(await redis.zscore(name, 'none')).toBeNull()
    expect(await redis.zcount(name, '-inf', 3)).toBe(2)
    expect(await redis.zremrangebyscore(name, 0, 3)).toBe(2)
    expect(await redis.zpopmin(name)).toEqual(['c', 3.5])
    expect(await redis.zrem(name, 'b')).toBe(1)
    expect(await redis.exists(name)).toBe(0)
  })

  it('streams: ids grow, ranges are exact, trimming keeps the newest', async () => {
    const name = key('stream')
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push(await redis.xadd(name, '*', { n, tag: 'post:na_1' }))
    expect([...ids].sort(byId)).toEqual(ids)
    expect(await redis.xlen(name)).toBe(5)
    expect(Object.keys(await redis.xrange(name, `(${ids[1]}`, '+'))).toEqual(ids.slice(2))
    expect(Object.keys(await redis.xrange(name, '-', '+', 2))).toEqual(ids.slice(0, 2))
    expect(Object.values(await redis.xrevrange(name, '+', '-', 1))).toEqual([{ n: 4, tag: 'post:na_1' }])
    expect(
      await redis.xadd(
        name,
        '99999999999999-7',
        { last: 1 },
        { trim: { type: 'MAXLEN', comparison: '=', threshold: 2 } },
      ),
    ).toBe('99999999999999-7')
    expect(Object.keys(await redis.xrange(name, '-', '+'))).toEqual([ids[4], '99999999999999-7'])
    await expect(redis.xadd(name, '1-1', { old: 1 })).rejects.toThrow('equal or smaller')
    expect(await redis.xtrim(name, { strategy: 'MINID', exactness: '=', threshold: '99999999999999-0' })).toBe(1)
    expect(await redis.xdel(name, '99999999999999-7')).toBe(1)
    expect(await redis.xlen(name)).toBe(0)
    expect(await redis.xadd(name, '*', { n: 1 }, { nomkStream: true })).toBe('99999999999999-8')
    expect(await redis.xread(name, '0')).toEqual([[name, [['99999999999999-8', ['n', 1]]]]])
  })

  it('pipeline: an error of one command leaves the others alone', async () => {
    const name = key('pipe')
    const response = await fetch(`${bridge.url}/pipeline`, {
      method: 'POST',
      headers: { Authorization: 'Bearer shared' },
      body: JSON.stringify([
        ['SET', name, 'x'],
        ['INCR', name],
        ['GET', name],
      ]),
    })
    const [set, incr, get] = (await response.json()) as { result?: unknown; error?: string }[]
    expect(set).toEqual({ result: 'OK' })
    expect(incr?.error).toMatch(/^ERR value is not an integer/)
    expect(get).toEqual({ result: 'x' })
  })

  it('multi-exec: a transaction in one go', async () => {
    const name = key('multi')
    expect(await redis.multi().incr(name).incr(name).get(name).exec()).toEqual([1, 2, 2])
  })

  it('tokens open their own key space and nothing else', async () => {
    const name = key('mine')
    await redis.set(name, 'shared')
    expect(await bridge.client('na').get(name)).toBeNull()
    expect(await bridge.client('na').keys('*')).not.toContain(name)
    await expect(bridge.client('wrong').get(name)).rejects.toThrow('WRONGPASS')
  })

  it('Lua: what goes in and comes out', async () => {
    const name = key('lua')
    const script = `#!lua flags=allow-key-locking
      local now = tonumber(ARGV[1])
      redis.call('SET', KEYS[1], now * 1000 + 5)
      local read = redis.call('GET', KEYS[1])
      local bad = redis.pcall('INCR', KEYS[2])
      redis.call('HSET', KEYS[3], 'n', 3, 'half', 0.5)
      return {read, tonumber(read) / 10, false, redis.call('GET', 'absent'), bad.err ~= nil, #KEYS, unpack(ARGV)}`
    await redis.set(`${name}:text`, 'abc')
    const result = await redis.eval(script, [`${name}:n`, `${name}:text`, `${name}:h`], ['1760000000', 'b c'])
    expect(result).toEqual([1760000000005, 176000000000, null, null, 1, 3, 1760000000, 'b c'])
    expect(await redis.hgetall(`${name}:h`)).toEqual({ n: 3, half: '0.5' })
  })

  it('Lua: SCRIPT LOAD, EVALSHA, NOSCRIPT, errors and status replies', async () => {
    const sha = await redis.scriptLoad('#!lua name=x\nreturn redis.status_reply(ARGV[1])')
    expect(await redis.evalsha(sha, [], ['FINE'])).toBe('FINE')
    await expect(redis.evalsha('0'.repeat(40), [], [])).rejects.toThrow('NOSCRIPT')
    await expect(redis.eval("return redis.error_reply('MINE no')", [], [])).rejects.toThrow('MINE no')
    await expect(redis.eval("return redis.call('INCR', KEYS[1], 'x')", [key('x')], [])).rejects.toThrow(
      /ERR [Ww]rong number of arg/,
    )
    await expect(redis.eval('undefined_name = 1', [], [])).rejects.toThrow(/ERR/)
    await expect(redis.eval('return (', [], [])).rejects.toThrow(/ERR Error compiling script/)
    expect(await redis.eval('return redis.sha1hex(ARGV[1])', [], ['abc'])).toBe(
      'a9993e364706816aba3e25717850c26c9cd0d89d',
    )
  })

  it('a lease: taken once, given back by its holder only', async () => {
    const name = key('lease')
    const give = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"
    const taken = await Promise.all(['a', 'b', 'c'].map(holder => redis.set(name, holder, { nx: true, ex: 30 })))
    expect(taken.filter(reply => reply === 'OK')).toHaveLength(1)
    const holder = ['a', 'b', 'c'][taken.indexOf('OK')] ?? ''
    expect(await redis.eval(give, [name], ['nobody'])).toBe(0)
    expect(await redis.eval(give, [name], [holder])).toBe(1)
  })

  describe.each([
    ['fixed window', () => Ratelimit.fixedWindow(3, '60 s')],
    ['sliding window', () => Ratelimit.slidingWindow(3, '60 s')],
    ['token bucket', () => Ratelimit.tokenBucket(3, '60 s', 3)],
  ])('@upstash/ratelimit: %s', (_name, limiter) => {
    it('lets three through at once, refuses the fourth, and forgets on reset', async () => {
      const ratelimit = new Ratelimit({ redis, limiter: limiter(), prefix: key('rl'), ephemeralCache: false })
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ratelimit.limit('visitor')))
      expect(answers.filter(answer => answer.success)).toHaveLength(3)
      const refused = answers.find(answer => !answer.success)
      expect(refused?.remaining).toBeLessThanOrEqual(0)
      expect(refused?.reset).toBeGreaterThan(Date.now())
      expect((await ratelimit.limit('another')).success).toBe(true)
      expect((await ratelimit.getRemaining('visitor')).remaining).toBe(0)
      await ratelimit.resetUsedTokens('visitor')
      expect((await ratelimit.limit('visitor')).success).toBe(true)
    })

    it('takes several tokens at once', async () => {
      const ratelimit = new Ratelimit({ redis, limiter: limiter(), prefix: key('rl'), ephemeralCache: false })
      expect((await ratelimit.limit('visitor', { rate: 2 })).remaining).toBe(1)
      expect((await ratelimit.limit('visitor', { rate: 2 })).success).toBe(false)
    })
  })
}

function byId(a: string, b: string): number {
  const [ms = 0, seq = 0] = a.split('-').map(Number)
  const [otherMs = 0, otherSeq = 0] = b.split('-').map(Number)
  return ms - otherMs || seq - otherSeq
}

describe('the log of the in-process store', () => {
  it('brings every type back after a stop, and cuts off half a line', async () => {
    const dir = path.join(folder, 'log')
    const run = (backend: Backend, ...commands: string[][]) => backend.run('na', commands, false)
    const first = createMemoryBackend(SPACES, dir)
    await run(
      first,
      ['SET', 's', 'é', 'PX', '60000'],
      ['SET', 'gone', 'x', 'PX', '1'],
      ['HSET', 'h', 'a', '1'],
      ['RPUSH', 'l', 'x', 'y'],
      ['SADD', 'm', 'x'],
      ['ZADD', 'z', '1.5', 'x'],
      ['XADD', 'st', '*', 'n', '1'],
      ['EVAL', "redis.call('INCR', KEYS[1]) return redis.call('INCR', KEYS[1])", '1', 'n'],
    )
    const [before] = await run(first, ['XRANGE', 'st', '-', '+'])
    await first.close()
    appendFileSync(path.join(dir, 'log.ndjson'), '["na",1,"SET","torn"')
    await waitUntil(() => false, 5)
    for (const backend of [createMemoryBackend(SPACES, dir), createMemoryBackend(SPACES, dir)]) {
      const answers = await run(
        backend,
        ['GET', 's'],
        ['HGETALL', 'h'],
        ['LRANGE', 'l', '0', '-1'],
        ['SMEMBERS', 'm'],
        ['ZSCORE', 'z', 'x'],
        ['GET', 'n'],
      )
      expect(answers.map(answer => answer.result)).toEqual(['é', ['a', '1'], ['x', 'y'], ['x'], '1.5', '2'])
      expect((await run(backend, ['XRANGE', 'st', '-', '+']))[0]).toEqual(before)
      expect((await run(backend, ['EXISTS', 'gone', 'torn']))[0]?.result).toBe(0)
      expect(Number((await run(backend, ['PTTL', 's']))[0]?.result)).toBeGreaterThan(30_000)
      await backend.close()
    }
  })

  it('is written before the answer, and shrinks to what is alive', async () => {
    const dir = path.join(folder, 'compaction')
    const file = path.join(dir, 'log.ndjson')
    const backend = createMemoryBackend(SPACES, dir)
    await backend.run('na', [['SET', 'first', 'here']], false)
    expect(readFileSync(file, 'utf8')).toContain('"first"')
    const value = 'x'.repeat(100_000)
    for (let n = 0; n < 60; n++) await backend.run('na', [['SET', 'again', value]], false)
    expect(statSync(file).size).toBeLessThan(4_500_000)
    await backend.close()
    const next = createMemoryBackend(SPACES, dir)
    expect(
      (
        await next.run(
          'na',
          [
            ['GET', 'first'],
            ['STRLEN', 'again'],
          ],
          false,
        )
      ).map(answer => answer.result),
    ).toEqual(['here', 100_000])
    await next.close()
  })
})
