import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { createKeySets } from './key-sets.ts'

const jwk = async (kid: string) => ({
  ...(await exportJWK((await generateKeyPair('ES256')).publicKey)),
  kid,
  alg: 'ES256',
})

function setUp(kids: string[]) {
  let time = 1_000_000
  let fail = false
  let fetched = 0
  const findKey = createKeySets({
    now: () => time,
    patience: 20,
    async fetchKeys() {
      fetched += 1
      if (fail) throw new Error('down')
      return { keys: await Promise.all(kids.map(jwk)) }
    },
  })
  return {
    findKey,
    fetched: () => fetched,
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    break: (value: boolean) => {
      fail = value
    },
  }
}

describe('createKeySets', () => {
  it('fetches once for many that ask at once, and again after its age', async () => {
    const sets = setUp(['a'])
    const keys = await Promise.all([sets.findKey('na', 'a'), sets.findKey('na', 'a'), sets.findKey('na', 'a')])
    expect([keys.every(Boolean), sets.fetched()]).toEqual([true, 1])
    sets.pass(600_001)
    await sets.findKey('na', 'a')
    expect(sets.fetched()).toBe(2)
  })

  it('asks for an unknown kid at most once in the cooldown', async () => {
    const kids = ['a']
    const sets = setUp(kids)
    for (let i = 0; i < 5; i++) expect(await sets.findKey('na', 'b')).toBeUndefined()
    expect(sets.fetched()).toBe(1)
    kids.push('b')
    sets.pass(30_001)
    expect(await sets.findKey('na', 'b')).toBeDefined()
    expect(sets.fetched()).toBe(2)
  })

  it('goes on with the old set while the origin is down, and throws only when there is none', async () => {
    const sets = setUp(['a'])
    await sets.findKey('na', 'a')
    sets.break(true)
    sets.pass(3_600_000)
    expect(await sets.findKey('na', 'a')).toBeDefined()
    const both = await Promise.allSettled([sets.findKey('eu', 'a'), sets.findKey('eu', 'a')])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  it('does not wait for a fetch that never settles', async () => {
    let asked = 0
    const key = await jwk('a')
    const findKey = createKeySets({
      now: Date.now,
      patience: 20,
      fetchKeys: () => (asked++ === 0 ? new Promise(() => {}) : Promise.resolve({ keys: [key] })),
    })
    void findKey('na', 'a')
    expect(await findKey('na', 'a')).toBeDefined()
    expect(asked).toBe(2)
  })

  it('takes only public P-256 keys with a name', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const keys = [
      { ...(await exportJWK(privateKey)), kid: 'private' },
      { kty: 'oct', k: 'AAAA', kid: 'secret' },
    ]
    const findKey = createKeySets({ now: Date.now, fetchKeys: async () => ({ keys }) })
    expect(await findKey('na', 'private')).toBeUndefined()
    expect(await findKey('na', 'secret')).toBeUndefined()
  })
})
