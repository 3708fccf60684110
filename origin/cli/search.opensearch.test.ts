import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Indexing, indexingOf } from '../search/indexing/indexes.ts'
import { aliasOf, indexPatternOf } from '../search/opensearch/names.ts'
import { type CommandLine, createCommandLine } from '../testing/cli.ts'
import { insertCrowd } from '../testing/crowd.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { takeEvents, useOpenSearch } from '../testing/indexing.ts'

let origin: TestOrigin
let ctx: Indexing
let line: CommandLine
beforeAll(async () => {
  // The command knows nothing of test names, so this file has the indexes of a region of its own.
  origin = await createTestOrigin({ region: 'ap' })
  useOpenSearch(origin)
  origin.ctx.config.openSearchUrl = inject('openSearchUrl')
  if (origin.ctx.openSearch) origin.ctx.openSearch.alias = aliasOf('ap')
  ctx = indexingOf(origin.ctx) as Indexing
  const { id } = await origin.createAccount()
  await insertCrowd(ctx.db, 'ap', id, 60, new Date())
  line = createCommandLine(origin)
})
afterAll(async () => {
  line.close()
  for (const name of await ctx.openSearch.listIndexes(indexPatternOf(ctx.alias))) await ctx.openSearch.deleteIndex(name)
})

describe('search', () => {
  it('builds an index, tells how it is, mends it, builds another and goes back', async () => {
    const none = await line.run('search')
    expect(none).toMatchObject({ code: 0, err: '' })
    expect(none.out).toContain('60 public posts in Postgres\n  no index')
    expect(await line.run('search', 'rollback')).toMatchObject({
      code: 1,
      err: 'Cannot roll back: there is no previous index\n',
    })

    const built = await line.run('search', 'reindex')
    expect(built).toMatchObject({ code: 0, err: '' })
    expect(built.out).toMatch(/region ap\n {2}created .*copied 60 of 60 posts.*checked 60 documents.*is searched\n$/s)

    const { id } = await ctx.db.selectFrom('posts').select('id').executeTakeFirstOrThrow()
    await ctx.db.updateTable('posts').set({ title: 'Changed' }).where('id', '=', id).execute()
    const shown = await line.run('search', 'status')
    expect(shown.out).toMatch(
      /ap-posts-2\S+ {2}live, searched: 60 documents, 0 tombstones\n {2}1 changes to publish, the oldest/,
    )
    await takeEvents(origin)
    const mended = await line.run('search', 'reconcile')
    expect(mended.out).toContain(`    ${id}  stale\n`)
    expect(mended.out).toContain('60 public posts compared, mended\n    1 stale: ')
    expect((await line.run('search', 'reconcile')).out).toContain('nothing to mend')

    const again = await line.run('search', 'reindex')
    expect(again.out).toMatch(/; classifyhub-ap-posts-2\S+ is kept for a rollback\n$/)
    const [, first = ''] = /; (\S+) is kept/.exec(again.out) ?? []
    const back = await line.run('search', 'rollback')
    expect(back.out).toContain(`${first} is searched again; 0 of its documents were mended before`)
    expect(await ctx.openSearch.indexesOf(ctx.alias)).toEqual([first])
  })

  it.each([
    [['rebuild'], 'Cannot do "rebuild"'],
    [['reindex', 'now'], 'Cannot do "reindex now"'],
    [['--force'], "Unknown option '--force'"],
    [['--region', 'eu'], 'Cannot act on region "eu"'],
  ])('%j is refused in words', async (args, message) => {
    const { code, err, out } = await line.run('search', ...args)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(message)
    expect(err).not.toContain('    at ')
  })

  it('says in a line that OpenSearch does not answer', async () => {
    origin.ctx.config.openSearchUrl = 'http://127.0.0.1:9'
    const dead = createCommandLine(origin)
    const { code, err } = await dead.run('search')
    expect({ code, lines: err.trim().split('\n').length }).toEqual({ code: 1, lines: 1 })
    expect(err).toContain('ECONNREFUSED')
    dead.close()
  })
})
