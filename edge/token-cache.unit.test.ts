import { describe, expect, it } from 'vitest'
import { createTokenVerifier } from './token-cache.ts'

describe('createTokenVerifier', () => {
  it('says region_unavailable when no key can be had, and remembers nothing bad', async () => {
    const verify = createTokenVerifier(async () => {
      throw new Error('down')
    }, Date.now)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = `${part({ alg: 'ES256', kid: 'a', typ: 'at+jwt' })}.${part({ iss: 'eu' })}.${'A'.repeat(86)}`
    await expect(verify(token)).rejects.toMatchObject({ code: 'region_unavailable' })
    await expect(verify('nonsense')).resolves.toBeUndefined()
  })
})
