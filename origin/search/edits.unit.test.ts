import { describe, expect, it } from 'vitest'
import { editsBetween, likelyEdits } from './edits.ts'

describe('editsBetween', () => {
  it.each([
    ['bike', 'bike', 0],
    ['bike', 'bikes', 1],
    ['bike', 'bke', 1],
    ['couch', 'coach', 1],
    ['sofa', 'sfoa', 1],
    ['sofa', 'osfa', 1],
    ['bicycle', 'bycicle', 2],
    ['café', 'cafe', 1],
    ['', 'ab', 2],
    ['samsung', 'sony', 3],
  ])('counts from "%s" to "%s": %d', (one, other, edits) => {
    expect(editsBetween(one, other, 2)).toBe(edits)
    expect(editsBetween(other, one, 2)).toBe(edits)
  })
})

it('likelyEdits leaves short words as they are', () => {
  expect([3, 4, 5, 6].map(likelyEdits)).toEqual([0, 1, 1, 2])
})
