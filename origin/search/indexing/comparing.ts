import { isDeepStrictEqual } from 'node:util'
import type { StoredDocument } from '../../adapters/opensearch.ts'
import type { Truth } from './truth.ts'

/** How an index can differ from Postgres. */
export const driftKinds = {
  missing: 'public, but not in the index',
  stale: 'an earlier version is in the index, or its news is still on the way',
  unlike: 'the version is right, the content is not',
  ahead: 'the index has a version that Postgres has not reached',
  leftover: 'found, but not public or deleted',
  unknown: 'found, but Postgres knows no such post',
} as const
export type Drift = keyof typeof driftKinds

/** Tells how a document differs from what Postgres says; undefined when it does not in any way that matters. */
export function driftOf(truth: Truth | undefined, stored: StoredDocument | undefined): Drift | undefined {
  const found = stored !== undefined && stored.document.gone !== true
  if (!truth) return found ? 'unknown' : undefined
  // Without being found it may be of any version up to the true one: what happens to a hidden post is told to nobody.
  if (!truth.isPublic) return found ? 'leftover' : stored && stored.version > truth.version ? 'ahead' : undefined
  if (!stored) return 'missing'
  if (stored.version !== truth.version) return stored.version < truth.version ? 'stale' : 'ahead'
  return isDeepStrictEqual(stored.document, plain(truth.document)) ? undefined : 'unlike'
}

/** As it comes back from JSON. */
function plain(document: object): unknown {
  return JSON.parse(JSON.stringify(document))
}
