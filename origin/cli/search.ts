import { parseArgs } from 'node:util'
import { OpenSearchError } from '../adapters/opensearch.ts'
import { driftKinds } from '../search/indexing/comparing.ts'
import { type Indexing, indexingOf, isOfThisMapping } from '../search/indexing/indexes.ts'
import { BusyError } from '../search/indexing/lock.ts'
import { reindex } from '../search/indexing/reindexing.ts'
import { NoPreviousError, reconcileAll, rollBack } from '../search/indexing/rolling-back.ts'
import { readSearchStatus } from '../search/indexing/status.ts'
import { runCommand, stackContext, stackOptions, stackRegions, UsageError } from './stack.ts'

const usage = `Usage:
  npm run search [-- --region na] [--data DIR]
      shows each region's indexes in OpenSearch, how many documents they have, and what has still to reach them
  npm run search -- reindex
      builds a new index beside the one that is searched, catches up, checks it and lets searches go to it; the old one
      stays for "rollback"
  npm run search -- reconcile
      compares the indexes with Postgres, mends what differs and says what it was
  npm run search -- rollback
      lets searches go to the previous index again

Without --region every region of the stack is meant.`

const options = { ...stackOptions, help: { type: 'boolean' } } as const
type Verb = (ctx: Indexing, signal: AbortSignal) => Promise<void>
const verbs: Readonly<Record<string, Verb>> = { status: show, reindex: rebuild, reconcile: mend, rollback: goBack }

await runCommand(async () => {
  const argv = process.argv.slice(2)
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
  if (values.help) return console.log(usage)
  const [command = 'status', ...rest] = positionals
  const verb = Object.hasOwn(verbs, command) && rest.length === 0 ? verbs[command] : undefined
  if (!verb) throw new UsageError(`Cannot do "${positionals.join(' ')}".\n\n${usage}`)
  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort(new UsageError('Stopped: all is as it was before')))
  for (const region of values.region === undefined ? stackRegions(argv) : [undefined]) {
    const ctx = await stackContext(argv, region)
    try {
      const indexing = indexingOf(ctx)
      if (!indexing)
        throw new UsageError(
          `Cannot work on the search index of "${ctx.region}": OPENSEARCH_URL is not set, Postgres searches`,
        )
      console.log(`region ${ctx.region}`)
      await verb(indexing, stopping.signal)
    } catch (error) {
      throw isTold(error) ? new UsageError(error.message) : error
    } finally {
      await ctx.openSearch?.client.close()
      await ctx.db.destroy()
    }
  }
})

async function show(ctx: Indexing): Promise<void> {
  const { posts, indexes, pending, oldest, failing, lastError } = await readSearchStatus(ctx)
  console.log(`  ${posts} public posts in Postgres`)
  if (indexes.length === 0) console.log('  no index: the worker builds one, or "reindex"')
  for (const { name, state, searched, documents, tombstones } of indexes) {
    const told = state === 'lost' ? 'not in OpenSearch' : `${documents} documents, ${tombstones} tombstones`
    console.log(`  ${name}  ${state}${searched ? ', searched' : ''}: ${told}`)
    if (searched && !isOfThisMapping(name)) console.log('    made from another mapping than this code has: reindex')
  }
  const since = oldest ? `, the oldest for ${Math.round((ctx.now().getTime() - oldest.getTime()) / 1_000)} s` : ''
  console.log(`  ${pending} changes to publish${since} (what the queue holds: npm run queues)`)
  if (failing > 0) console.log(`  ${failing} changes failed, the last because of: ${lastError}`)
}

async function rebuild(ctx: Indexing, signal: AbortSignal): Promise<void> {
  const began = Date.now()
  const { index, previous } = await reindex(ctx, { signal, tell: line => console.log(`  ${line}`) })
  const kept = previous ? `; ${previous} is kept for a rollback` : ''
  console.log(`  done in ${((Date.now() - began) / 1_000).toFixed(1)} s: ${index} is searched${kept}`)
}

async function mend(ctx: Indexing): Promise<void> {
  const tell = (_: string, id: string, drift: string) => console.log(`    ${id}  ${drift}`)
  const results = await reconcileAll(ctx, tell)
  if (results.length === 0) console.log('  no index: the worker builds one, or "reindex"')
  for (const { index, posts, drift } of results) {
    const kinds = Object.entries(drift)
    console.log(`  ${index}: ${posts} public posts compared, ${kinds.length === 0 ? 'nothing to mend' : 'mended'}`)
    for (const [kind, count] of kinds)
      console.log(`    ${count} ${kind}: ${driftKinds[kind as keyof typeof driftKinds]}`)
  }
}

async function goBack(ctx: Indexing): Promise<void> {
  const { index, drift } = await rollBack(ctx)
  const late = Object.values(drift).reduce((sum, count) => sum + count, 0)
  console.log(`  ${index} is searched again; ${late} of its documents were mended before`)
}

function isTold(error: unknown): error is Error {
  return error instanceof BusyError || error instanceof NoPreviousError || error instanceof OpenSearchError
}
