import { expect, test } from 'vitest'
import { countCodePoints, line, text } from './text.ts'

test('text keeps what it accepts, code point for code point', () => {
  for (const value of [
    'Ünïcode',
    ' spaces stay ',
    'e\u0301',
    '👩‍👩‍👧',
    '\u202Eright to left\u202C',
    'tab\tand\nline',
  ]) {
    expect(text(1, 100).parse(value)).toBe(value)
  }
})

test('text refuses what a database cannot keep or a reader cannot see, and says why', () => {
  const messageOf = (value: string) => text(1, 10).safeParse(value).error?.issues[0]?.message
  expect(messageOf('\ud800')).toMatch(/well-formed/)
  expect(messageOf('a\u0000b')).toMatch(/control characters/)
  expect(messageOf('   ')).toBe('must not be empty')
  expect(messageOf('x'.repeat(11))).toMatch(/at most 10/)
})

test('text counts code points, not UTF-16 units', () => {
  expect(text(1, 3).safeParse('😀😀😀').success).toBe(true)
  expect(text(1, 3).safeParse('😀😀😀😀').success).toBe(false)
  expect(countCodePoints('a😀')).toBe(2)
})

test('line refuses line breaks of every kind', () => {
  for (const value of ['a\nb', 'a\rb', 'a\tb', 'a\u2028b']) expect(line(1, 10).safeParse(value).success).toBe(false)
})
