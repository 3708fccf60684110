import type { Context } from '../../context.ts'
import { indexingOf, readIndexes } from './indexes.ts'

/**
 * Tells whether any index has documents of a seller, of whatever state: after an erasure none may. Where OpenSearch does not
 * answer that is logged, and nobody knows.
 */
export async function hasDocumentsOf(
  ctx: Pick<Context, 'db' | 'now' | 'log' | 'openSearch'>,
  seller: string,
): Promise<boolean> {
  const indexing = indexingOf(ctx)
  if (!indexing) return false
  try {
    for (const { name } of await readIndexes(ctx.db))
      if ((await indexing.openSearch.count(name, { term: { seller } })) > 0) return true
  } catch (err) {
    ctx.log.warn({ err, accountId: seller }, 'the search index was not looked through for an erased account')
  }
  return false
}
