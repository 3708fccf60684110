import * as z from 'zod'

/** What a reader sees: letters, digits, punctuation, symbols and emoji, but not those that are drawn as nothing. */
const visible = /(?![\p{DI}\u2800])[\p{L}\p{N}\p{P}\p{S}]/gu
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/**
 * A schema for text that people write. What is accepted is kept code point for code point: nothing is trimmed or
 * normalised. Refused, with words: lone surrogates, control characters but tab and line breaks, too short or too long,
 * nothing to see.
 * @param min fewest code points that can be seen, and that are not white space at the ends
 * @param max most code points
 */
export function text(min: number, max: number) {
  return z
    .string()
    .max(max * 2, { error: `must have at most ${max} characters`, abort: true })
    .superRefine((value, ctx) => {
      const problem = findTextProblem(value, min, max)
      if (problem) ctx.addIssue({ code: 'custom', message: problem })
    })
    .meta({ minLength: min, maxLength: max })
}

/** As `text`, but line breaks and tabs are refused too. */
export function line(min: number, max: number) {
  return text(min, max).refine(value => !/[\t\r\n\u2028\u2029]/.test(value), 'must be a single line')
}

/** As `line`, but it may not turn the direction of what follows (UAX #9 §2): for what stands among words of ours. */
export function steadyLine(min: number, max: number) {
  return line(min, max).refine(
    value => !/[\u202a-\u202e\u2066-\u2069]/.test(value),
    'must not hold characters that turn the direction of text',
  )
}

function findTextProblem(value: string, min: number, max: number): string | undefined {
  if (!value.isWellFormed()) return 'must be well-formed Unicode: it holds half of a surrogate pair'
  if (forbidden.test(value)) return 'must not hold control characters'
  if (countCodePoints(value) > max) return `must have at most ${max} characters`
  if (countCodePoints(value.trim()) < min)
    return min === 1 ? 'must not be empty' : `must have at least ${min} characters`
  if ((value.match(visible)?.length ?? 0) < min)
    return min === 1
      ? 'must have a character that can be seen'
      : `must have at least ${min} characters that can be seen`
  return undefined
}

/** Counts code points, which is what limits and counters on pages speak of. */
export function countCodePoints(value: string): number {
  let count = 0
  for (const _ of value) count++
  return count
}
