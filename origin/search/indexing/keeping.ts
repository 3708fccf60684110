import type { Context } from '../../context.ts'
import { indexingOf } from './indexes.ts'
import { BusyError } from './lock.ts'
import { ensureIndex } from './reindexing.ts'

/**
 * The scheduler's task that builds an index where OpenSearch has none that is searched and written to: at the first
 * start, or when it has lost its data. Nothing happens without OpenSearch, or while somebody else builds one.
 * @returns 0: there is nothing more to do
 */
export async function keepIndex(ctx: Context): Promise<number> {
  const indexing = indexingOf(ctx)
  if (!indexing) return 0
  try {
    await ensureIndex(indexing)
  } catch (error) {
    if (!(error instanceof BusyError)) throw error
  }
  return 0
}
