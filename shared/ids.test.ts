import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createId, isId, regionOfId } from './ids.ts'
import { regions } from './regions.ts'

test('createId carries its region and is well formed', () => {
  for (const region of regions) {
    const id = createId(region)
    expect(id).toMatch(/^(na|eu|ap)_[0-9a-z]{26}$/)
    expect(regionOfId(id)).toBe(region)
  }
})

test('createId sorts by time', () => {
  const times = fc.tuple(fc.integer({ min: 0, max: 2 ** 41 }), fc.integer({ min: 1, max: 2 ** 41 }))
  fc.assert(fc.property(times, ([start, later]) => createId('na', start) < createId('na', start + later)))
})

test('createId makes no id twice', () => {
  const ids = Array.from({ length: 2_000 }, () => createId('eu', 1_700_000_000_000))
  expect(new Set(ids).size).toBe(2_000)
})

test('createId holds a UUID of version 7 and variant 10 (RFC 9562)', () => {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  let value = 0n
  for (const char of createId('ap').slice(3)) value = value * 32n + BigInt(alphabet.indexOf(char))
  const hex = value.toString(16).padStart(32, '0')
  expect(hex[12]).toBe('7')
  expect('89ab').toContain(hex[16])
})

test('isId refuses other shapes', () => {
  const id = createId('na')
  for (const text of [
    '',
    'na_',
    id.toUpperCase(),
    `${id}0`,
    id.slice(0, -1),
    `us_${id.slice(3)}`,
    `na-${id.slice(3)}`,
    `${id}\n`,
  ]) {
    expect(isId(text), JSON.stringify(text)).toBe(false)
    expect(regionOfId(text)).toBeUndefined()
  }
})
