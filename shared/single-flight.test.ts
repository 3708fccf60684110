import { describe, expect, it } from 'vitest'
import { createSingleFlight } from './single-flight.ts'

describe('createSingleFlight', () => {
  it('does work once for all who ask at once, anew afterwards, and apart by name', async () => {
    const once = createSingleFlight<string>({ patience: 1_000 })
    let done = 0
    const work = async () => {
      await Promise.resolve()
      done += 1
      return `result ${done}`
    }
    const results = await Promise.all([once('a', work), once('a', work), once('a', work)])
    expect(results).toEqual(['result 1', 'result 1', 'result 1'])
    expect(await once('a', work)).toBe('result 2')
    expect(await Promise.all([once('a', work), once('b', work)])).toEqual(['result 3', 'result 4'])
  })

  it('gives a failure to all who wait for it, and remembers none', async () => {
    const once = createSingleFlight<string>({ patience: 1_000 })
    const fail = () => Promise.reject(new Error('down'))
    const both = await Promise.allSettled([once('a', fail), once('a', fail)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await once('a', async () => 'up')).toBe('up')
  })

  it('lets one of many begin anew when what they wait for never ends', async () => {
    const once = createSingleFlight<string>({ patience: 10 })
    void once('a', () => new Promise(() => {}))
    let begun = 0
    const work = async () => {
      begun += 1
      await new Promise(resolve => setTimeout(resolve, 5))
      return 'came'
    }
    expect(await Promise.all([once('a', work), once('a', work), once('a', work)])).toEqual(['came', 'came', 'came'])
    expect(begun).toBe(1)
  })
})
