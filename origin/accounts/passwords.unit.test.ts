import { hash } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { argon2, hashPassword, needsRehash, verifyNothing, verifyPassword } from './passwords.ts'

describe('hashPassword', () => {
  it('makes argon2id of 19 MiB and two passes that only the same password fits', async () => {
    const hashed = await hashPassword('correct horse battery 9')
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword(hashed, 'correct horse battery 9')).toBe(true)
    expect(await verifyPassword(hashed, 'correct horse battery 8')).toBe(false)
    expect(await hashPassword('correct horse battery 9')).not.toBe(hashed)
  })

  it('takes the same characters in another normal form for the same password', async () => {
    expect(await verifyPassword(await hashPassword('cafés and croissants'), 'cafe\u0301s and croissants')).toBe(true)
  })

  it('refuses with 503 what would wait too long, and serves the rest', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 260 }, () => hashPassword('x')))
    const refused = outcomes.filter(outcome => outcome.status === 'rejected')
    expect(refused).toHaveLength(260 - 202)
    expect(refused.every(({ reason }) => reason instanceof AppError && reason.code === 'service_unavailable')).toBe(
      true,
    )
    expect(await verifyPassword(await hashPassword('y'), 'y')).toBe(true)
  })
})

describe('needsRehash', () => {
  it('tells weaker parameters from those of today', async () => {
    expect(needsRehash(await hash('x', argon2))).toBe(false)
    expect(needsRehash(await hash('x', { ...argon2, memoryCost: 8_192 }))).toBe(true)
    expect(needsRehash(await hash('x', { ...argon2, timeCost: 1 }))).toBe(true)
    expect(needsRehash(await hash('x', { ...argon2, algorithm: 1 }))).toBe(true)
  })
})

describe('verifyNothing', () => {
  it('is always false', async () => {
    expect(await verifyNothing('correct horse battery 9')).toBe(false)
  })
})
