import { AppError } from '../../shared/errors.ts'

/** Tells whether a version is one that the client says it has read. */
export type VersionCondition = (version: number) => boolean

/**
 * Reads `If-Match` (RFC 9110 §13.1.1): `"3"`, a list of such, or `*`. A weak tag counts too, since a proxy that
 * compresses makes tags weak.
 * @throws precondition_required when there is none
 */
export function readIfMatch(header: string | undefined): VersionCondition {
  const text = header?.trim()
  if (!text)
    throw new AppError('precondition_required', {
      detail: 'Send If-Match with the version that you have read, such as "3" in quotes',
    })
  if (text === '*') return () => true
  const versions = new Set(text.split(',').map(tag => /^(?:W\/)?"(\d{1,9})"$/.exec(tag.trim())?.[1]))
  return version => versions.has(String(version))
}

/** Writes the entity tag of a version. */
export function etagOf(version: number): string {
  return `"${version}"`
}
