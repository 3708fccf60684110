import { beforeEach, describe, expect, it } from 'vitest'
import { purgeFields, purgeLogKey } from '../shared/cache-tags.ts'
import { createLog } from './log.ts'
import { createPurgeReader, type PurgeReader } from './purge.ts'
import type { Redis } from './redis.ts'

type Page = [string, string[]][]

/** A stream with a clock that a test moves, and a count of what was asked. */
function createFakeLog() {
  const entries: Page = []
  const log = {
    asked: 0,
    clock: 1_790_000_000_000,
    answer: undefined as (() => Promise<void>) | undefined,
    append: (stale: { tags?: string[]; sessions?: string[] }) => {
      const fields = Object.entries(purgeFields({ tags: [], sessions: [], ...stale })).flat()
      entries.push([`${log.clock++}-0`, fields])
    },
    trim: (count: number) => void entries.splice(0, count),
    redis: {
      async xrevrange(key: string, to: string, from: string, count: number) {
        expect(key).toBe(purgeLogKey)
        log.asked += 1
        await log.answer?.()
        const place = (id: string) => Number(id.replace(/^\(/, '').split('-')[0])
        const found = entries.filter(([id]) => {
          const below = to === '+' || (to.startsWith('(') ? place(id) < place(to) : place(id) <= place(to))
          return below && (from === '-' || place(id) >= place(from))
        })
        return found.toReversed().slice(0, count)
      },
      async xadd() {
        log.append({})
        return entries.at(-1)?.[0]
      },
    } as unknown as Redis,
  }
  return log
}

describe('createPurgeReader', () => {
  let log: ReturnType<typeof createFakeLog>
  let reader: PurgeReader
  let time: number
  const exchange = { waitUntil: (work: Promise<unknown>) => void work }
  const refresh = () => reader.refresh(exchange)
  const copyOf = (...tags: string[]) => ({ position: reader.position(), tags })
  const later = async (milliseconds = 4_000) => {
    time += milliseconds
    return refresh()
  }
  beforeEach(() => {
    log = createFakeLog()
    time = 0
    reader = createPurgeReader(log.redis, createLog('silent'), () => time)
  })

  it('reads once for all who ask, and again when what it knows is 4 s old', async () => {
    log.append({ tags: ['post:1'] })
    expect(await Promise.all([refresh(), refresh(), refresh()])).toEqual([true, true, true])
    expect(log.asked).toBe(1)
    await later(3_999)
    expect(log.asked).toBe(1)
    await later(1)
    expect(log.asked).toBe(2)
  })

  it('calls a copy stale for a purge of one of its tags after it was fetched, and for no other', async () => {
    log.append({ tags: ['post:1'] })
    await refresh()
    const [one, two] = [copyOf('post:1', 'seller:1'), copyOf('post:2', 'seller:2')]
    expect([reader.isStale(one), reader.isStale(two)]).toEqual([false, false])
    log.append({ tags: ['post:3', 'seller:2'] })
    await later()
    expect([reader.isStale(one), reader.isStale(two), reader.isStale(copyOf('post:3'))]).toEqual([false, true, false])
  })

  it('calls every copy stale that was fetched before anything was known', async () => {
    const copy = copyOf('post:1')
    expect(reader.isStale(copy)).toBe(true)
    await refresh()
    expect(reader.isStale(copy)).toBe(true)
  })

  it('begins a log that holds nothing, so that a copy has a place to remember', async () => {
    await refresh()
    const copy = copyOf('post:1')
    expect(reader.isStale(copy)).toBe(false)
    log.append({ tags: ['post:2'] })
    await later()
    expect(reader.isStale(copy)).toBe(false)
  })

  it('calls copies stale that are older than the oldest entry of a log that was trimmed or lost', async () => {
    log.append({})
    await refresh()
    const copy = copyOf('post:1')
    log.append({})
    log.append({})
    log.trim(1)
    await later()
    expect(reader.isStale(copy)).toBe(true)
    const newer = copyOf('post:1')
    expect(reader.isStale(newer)).toBe(false)
    log.trim(10)
    await later()
    expect(reader.isStale(newer)).toBe(true)
    expect(reader.isStale(copyOf('post:1'))).toBe(false)
  })

  it('judges a copy of another isolate by the place that came with it', async () => {
    for (const tag of ['post:1', 'post:2', 'post:3']) log.append({ tags: [tag] })
    const [first = '', second = ''] = ['1790000000000-0', '1790000000001-0']
    await refresh()
    expect(reader.isStale({ position: first, tags: ['post:1'] })).toBe(false)
    expect(reader.isStale({ position: first, tags: ['post:2'] })).toBe(true)
    expect(reader.isStale({ position: second, tags: ['post:2'] })).toBe(false)
    expect(reader.isStale({ position: '1789999999999-9', tags: [] })).toBe(true)
    expect(reader.isStale({ position: '1790000000009-0', tags: ['post:1'] })).toBe(false)
  })

  it('orders places of one millisecond by their number, and numbers as numbers', async () => {
    log.append({})
    await refresh()
    expect(reader.isStale({ position: '1790000000000-2', tags: [] })).toBe(false)
    expect(reader.isStale({ position: '999999999999-10', tags: [] })).toBe(true)
  })

  it('reads page after page, as far back as a token lives', async () => {
    log.append({ sessions: ['early'] })
    log.clock += 700_000
    for (let i = 0; i < 2_500; i += 1) log.append({ sessions: [`s${i}`], tags: [`post:${i}`] })
    await refresh()
    expect(log.asked).toBe(3)
    expect([reader.isRevoked('s0'), reader.isRevoked('s2499'), reader.isRevoked('other')]).toEqual([true, true, false])
    expect(reader.isRevoked('early')).toBe(false)
    log.clock += 700_000
    log.append({ sessions: ['new'] })
    await later()
    expect([reader.isRevoked('s0'), reader.isRevoked('new')]).toEqual([false, true])
  })

  it('gives up after 300 ms, learns late news nevertheless, and asks no more than once a second in vain', async () => {
    let answer = () => {}
    log.answer = () => new Promise(resolve => (answer = resolve))
    expect(await refresh()).toBe(false)
    expect(await Promise.all([refresh(), refresh()])).toEqual([false, false])
    expect(log.asked).toBe(1)
    answer()
    await new Promise(resolve => setTimeout(resolve))
    expect(await refresh()).toBe(true)
    expect(log.asked).toBe(1)
  })

  it('asks again a second after a failure, and knows all that it knew before', async () => {
    log.append({ tags: ['post:1'], sessions: ['ended'] })
    await refresh()
    const copy = copyOf('post:1')
    log.answer = () => Promise.reject(new Error('down'))
    expect([await later(), await later(999)]).toEqual([false, false])
    expect(log.asked).toBe(2)
    expect([reader.isStale(copy), reader.isRevoked('ended')]).toEqual([false, true])
    log.answer = undefined
    log.append({ tags: ['post:1'] })
    expect(await later(1)).toBe(true)
    expect(reader.isStale(copy)).toBe(true)
  })

  it('is not misled by a read that began earlier and ends later than another', async () => {
    let answer = () => {}
    log.append({})
    await refresh()
    log.answer = () => new Promise(resolve => (answer = resolve))
    await later()
    log.answer = undefined
    const slow = answer
    log.append({ tags: ['post:1'] })
    const copy = copyOf('post:1')
    expect(await later(1_000)).toBe(true)
    slow()
    await new Promise(resolve => setTimeout(resolve))
    expect(reader.isStale(copy)).toBe(true)
    await later(3_999)
    expect(log.asked).toBe(3)
  })

  it('forgets the oldest purges of very many, and calls stale what is as old', async () => {
    log.append({})
    await refresh()
    const copy = copyOf('other')
    for (let i = 0; i < 130; i += 1) log.append({ tags: Array.from({ length: 400 }, (_, tag) => `post:${i}-${tag}`) })
    await later()
    expect(reader.isStale(copy)).toBe(true)
    expect(reader.isStale(copyOf('other'))).toBe(false)
  })
})
