import { describe, expect, it } from 'vitest'
import { leafCategories } from '../../shared/category.ts'
import { expiryOf, longestStay } from './renewal.ts'

const now = new Date('2026-11-20T12:00:00Z')

describe('expiryOf', () => {
  it('is what the category says, and never beyond the longest stay', () => {
    for (const { slug, expiryDays } of leafCategories) {
      const stay = expiryOf(slug, now).getTime() - now.getTime()
      expect(stay, slug).toBe(expiryDays * 86_400_000)
      expect(stay, slug).toBeLessThanOrEqual(longestStay)
    }
  })
})
