import { expect, test } from 'vitest'
import { slugOf } from './paths.ts'

test('slugOf keeps letters and digits of any script', () => {
  const cases: [string, string][] = [
    ['Ooma Telo - Used Like New', 'ooma-telo-used-like-new'],
    ['Café à Paris!', 'café-à-paris'],
    ['東京の自転車', '東京の自転車'],
    ['***', 'post'],
    [`${'word '.repeat(30)}`, 'word-word-word-word-word-word-word-word-word-word-word-word'],
  ]
  for (const [title, slug] of cases) expect(slugOf(title)).toBe(slug)
})
