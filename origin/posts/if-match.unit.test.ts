import { describe, expect, it } from 'vitest'
import { readIfMatch } from './if-match.ts'

describe('readIfMatch', () => {
  it.each([
    ['"3"', true],
    ['W/"3"', true],
    [' "2", W/"3" ', true],
    ['*', true],
    ['"2"', false],
    ['3', false],
    ['"3', false],
    ['"03"', false],
    ['"abc"', false],
    ['"99999999999999999999"', false],
  ])('takes %s for version 3: %s', (header, holds) => {
    expect(readIfMatch(header)(3)).toBe(holds)
  })

  it.each([undefined, '', '  '])('asks for it when it is %j', header => {
    expect(() => readIfMatch(header)).toThrow(expect.objectContaining({ code: 'precondition_required' }))
  })
})
