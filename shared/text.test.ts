import { expect, test } from 'vitest'
import { DisplayName } from './account.ts'
import { ImageInput } from './media.ts'
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

test('text demands something to see, and takes every script and emoji for that', () => {
  const messageOf = (value: string, min = 1) => text(min, 10).safeParse(value).error?.issues[0]?.message
  for (const nothing of [
    '\u200b\u200b\u200b',
    '\u202e\u2066',
    '\u00ad',
    '\u3164',
    '\u2800',
    '\ufe0f',
    '\u0301',
    '\u{e0041}',
  ])
    expect(messageOf(nothing), JSON.stringify(nothing)).toBe('must have a character that can be seen')
  expect(messageOf('\u200b\u200b\u200b', 2)).toBe('must have at least 2 characters that can be seen')
  expect(messageOf('\u202ea', 2)).toBe('must have at least 2 characters that can be seen')
  for (const title of ['ab', '🚲!', '👩‍👩‍👧', '🇫🇷', '自転', 'कि!', 'می‌خواهم', 'e\u0301e', '\u202eab', '--', '5€'])
    expect(messageOf(title, 2), title).toBeUndefined()
})

test('a display name does not turn the direction of what follows; a text may', () => {
  for (const sign of ['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069']) {
    expect(DisplayName.safeParse(`Maria${sign}`).error?.issues[0]?.message).toMatch(/direction/)
    expect(line(2, 20).parse(`${sign}Bike`)).toBe(`${sign}Bike`)
  }
  for (const name of ['Maria', 'مريم', 'דנה (Dana)', 'あい', 'J.', '😀']) expect(DisplayName.parse(name)).toBe(name)
})

test('what a photo shows turns no direction either', () => {
  const input = { fileName: 'a.jpg', contentType: 'image/jpeg', bytes: 1 }
  expect(ImageInput.safeParse({ ...input, alt: 'passport \u202e evil' }).success).toBe(false)
  expect(ImageInput.safeParse({ ...input, alt: 'דרכון' }).success).toBe(true)
})
