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
 * Writes to all indexes that changes go to. One that is missing and is not searched is no fault of any document: the
 * next reindex or status tells of it.
 * @returns why a document was not taken somewhere, by id
 */
export async function writeToAll(
  ctx: Pick<Indexing, 'openSearch' | 'log'>,
  indexes: readonly SearchIndex[],
  truths: readonly Truth[],
): Promise<Map<string, string>> {
  const faults = await Promise.all(
    indexes.map(async ({ name, state }) => {
      try {
        const failed = await writeTo(ctx, name, truths)
        return state !== 'live' && [...failed.values()].every(isMissing) ? new Map<string, string>() : failed
      } catch (error) {
        if (state === 'live' || !(error instanceof OpenSearchError && error.fault === 'missing')) throw error
        ctx.log.warn({ index: name, state }, 'an index that changes are written to is missing')
        return new Map<string, string>()
      }
    }),
  )
  return new Map(faults.flatMap(found => [...found]))
}

function isMissing(reason: string): boolean {
  return reason.startsWith('index_not_found_exception')
}
