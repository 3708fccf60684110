import { OpenSearchError } from '../../adapters/opensearch.ts'
import { type Indexing, type SearchIndex, writeAliasOf } from './indexes.ts'
import type { Truth } from './truth.ts'

/** Documents of one call. */
const mostInCall = 500

/**
 * Writes documents to an index unless it has them in a later version, or in the same one and `orEqual` is not said.
 * @returns why a document was not taken, by id; nothing of those that were, or that came too late
 * @throws OpenSearchError when the call as a whole fails
 */
export async function writeTo(
  { openSearch }: Pick<Indexing, 'openSearch'>,
  index: string,
  truths: readonly Truth[],
  { orEqual = false } = {},
): Promise<Map<string, string>> {
  const faults = new Map<string, string>()
  for (let from = 0; from < truths.length; from += mostInCall) {
    const writes = truths
      .slice(from, from + mostInCall)
      .map(({ id, version, document }) => ({ id, version, document, orEqual }))
    for (const { id, result, reason } of await openSearch.bulk(writeAliasOf(index), writes, { alias: true }))
      if (result === 'failed') faults.set(id, reason ?? 'no reason was given')
  }
  return faults
}

/**
 * Writes to all indexes that changes go to. What the previous one does not take (it may have an earlier mapping) is
 * mended when somebody goes back to it; that one that is being built is gone is a matter of whoever builds it.
 * @returns why a document was not taken by an index that counts, by id
 * @throws OpenSearchError when a call to one that counts fails as a whole
 */
export async function writeToAll(
  ctx: Pick<Indexing, 'openSearch' | 'log'>,
  indexes: readonly SearchIndex[],
  truths: readonly Truth[],
): Promise<Map<string, string>> {
  const faults = await Promise.all(
    indexes.map(async ({ name, state }) => {
      const outcome = await writeTo(ctx, name, truths).catch(toError)
      const isFine = !(outcome instanceof Error) && outcome.size === 0
      if (isFine || state === 'live') return outcome
      if (state === 'building' && !isMissing(outcome)) return outcome
      ctx.log.warn(
        { index: name, state, why: outcome instanceof Error ? outcome.message : [...outcome.values()][0] },
        'an index does not take changes',
      )
      return new Map<string, string>()
    }),
  )
  const failed = faults.find(outcome => outcome instanceof Error)
  if (failed) throw failed
  return new Map(faults.flatMap(outcome => [...(outcome as Map<string, string>)]))
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

function isMissing(outcome: Error | Map<string, string>): boolean {
  if (outcome instanceof Error) return outcome instanceof OpenSearchError && outcome.fault === 'missing'
  return [...outcome.values()].every(reason => reason.startsWith('index_not_found_exception'))
}
