export type ByteRange = { first: number; last: number }

/**
 * Reads a `Range` header (RFC 9110 §14.2) for a body of `size` bytes.
 * @returns the one range that is asked for; `unsatisfiable` when it lies outside; null when the whole body is the answer: no
 * header, several ranges, another unit, or anything that cannot be read
 */
export function readRange(header: string | null, size: number): ByteRange | 'unsatisfiable' | null {
  const match = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(header ?? '')
  if (!match) return null
  const [, from = '', to = ''] = match
  if (from === '') {
    if (to === '') return null
    const length = Math.min(Number(to), size)
    return length === 0 ? 'unsatisfiable' : { first: size - length, last: size - 1 }
  }
  const first = Number(from)
  const last = to === '' ? size - 1 : Number(to)
  if (to !== '' && last < first) return null
  return first >= size ? 'unsatisfiable' : { first, last: Math.min(last, size - 1) }
}
