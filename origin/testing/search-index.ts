import { createOpenSearch, type OpenSearch } from '../adapters/opensearch.ts'
import type { Context } from '../context.ts'
import { documentOf } from '../search/opensearch/document.ts'
import { indexDefinition } from '../search/opensearch/mapping.ts'
import { aliasOf, indexNameOf } from '../search/opensearch/names.ts'

/** An index of its own for a test in a real OpenSearch; `load` fills it with all posts that are stored. */
export async function createTestIndex(
  url: string,
  { db, region }: Pick<Context, 'db' | 'region'>,
): Promise<{ openSearch: OpenSearch; alias: string; load: () => Promise<void>; remove: () => Promise<void> }> {
  const openSearch = createOpenSearch({ url })
  const alias = aliasOf(region, `test-${crypto.randomUUID().slice(0, 8)}`)
  const index = indexNameOf(alias, new Date())
  await openSearch.createIndex(index, indexDefinition({ replicas: 0 }))
  await openSearch.updateAliases([{ add: { index, alias } }])
  return {
    openSearch,
    alias,
    async load() {
      const rows = await db.selectFrom('posts').selectAll().execute()
      const writes = rows.map(row => ({ id: row.id, version: Date.now(), document: documentOf(row) }))
      const results = await openSearch.bulk(alias, writes, { alias: true, refresh: true })
      const failed = results.find(({ result }) => result !== 'written')
      if (failed) throw new Error(`Cannot load ${failed.id}: ${failed.reason}`)
    },
    async remove() {
      await openSearch.deleteIndex(index)
      await openSearch.close()
    },
  }
}
