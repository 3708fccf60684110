/**
 * Puts a `Range` into a form that fauxqs reads as S3 does: a range that S3 does not know is none, and a suffix longer than the
 * object is all of it (RFC 9110, 14.1.2).
 * @returns undefined for no range
 */
export function normalRange(range: string, bytes: number): string | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') return bytes > 0 && Number(last) >= bytes ? 'bytes=0-' : range
  return last !== '' && Number(last) < Number(first) ? undefined : range
}
