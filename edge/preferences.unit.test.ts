import { describe, expect, it } from 'vitest'
import { negotiate } from './preferences.ts'

describe('negotiate', () => {
  it.each([
    ['de-DE,de;q=0.9,en;q=0.8', 'de-DE'],
    ['pt-PT, en;q=0.5', 'pt-BR'],
    ['en-GB;q=0.2, fr;q=0.7', 'fr-FR'],
    ['en-IN', 'en-IN'],
    ['xx, *', 'en-US'],
    ['de;q=0', 'en-US'],
    ['', 'en-US'],
    [null, 'en-US'],
    [`${'a'.repeat(10_000)},;;;q=,`, 'en-US'],
  ])('%j is read in %s', (header, locale) => {
    expect(negotiate(header)).toBe(locale)
  })
})
