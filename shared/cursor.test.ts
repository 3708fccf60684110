import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { decodeCursor, encodeCursor, scopeOf } from './cursor.ts'

const Position = z.tuple([z.number(), z.string()])
const scope = scopeOf({ sort: 'newest', country: 'BR' })

describe('decodeCursor', () => {
  it('gives back what encodeCursor was given, whatever it holds', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string({ unit: 'binary' }), (key, id) => {
        fc.pre(id.isWellFormed() && !Object.is(key, -0))
        expect(decodeCursor(scope, encodeCursor(scope, [key, id]), Position)).toEqual([key, id])
      }),
    )
  })

  it('refuses the cursor of another list', () => {
    const other = scopeOf({ sort: 'newest', country: 'AR' })
    expect(decodeCursor(other, encodeCursor(scope, [1, 'a']), Position)).toBeUndefined()
  })

  it('refuses a position of another form', () => {
    expect(decodeCursor(scope, encodeCursor(scope, ['1', 'a']), Position)).toBeUndefined()
    expect(decodeCursor(scope, encodeCursor(scope, [1, 'a', 2]), Position)).toBeUndefined()
  })

  it('refuses garbage without a word', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json().map(btoaOf)), text => {
        expect(decodeCursor(scope, text, Position)).toBeUndefined()
      }),
    )
  })

  it.each(['', '=', '%00', 'AAAA', btoaOf('null'), btoaOf('[2,"x",1,"a"]')])('refuses %j', text => {
    expect(decodeCursor(scope, text, Position)).toBeUndefined()
  })
})

describe('scopeOf', () => {
  it('does not depend on the order of parameters, nor on those that are not given', () => {
    expect(scopeOf({ a: 1, b: 'x', c: undefined })).toBe(scopeOf({ b: 'x', a: 1 }))
  })

  it('tells values apart from each other', () => {
    expect(scopeOf({ a: '1,b' })).not.toBe(scopeOf({ a: '1', b: '' }))
  })
})

function btoaOf(text: string): string {
  return Buffer.from(text).toString('base64url')
}
