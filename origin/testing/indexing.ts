import { expect, inject } from 'vitest'
import { isJobKind } from '../../shared/jobs.ts'
import { createOpenSearch, type OpenSearch, type StoredDocument } from '../adapters/opensearch.ts'
import { doJob } from '../jobs.ts'
import type { Departure } from '../message.ts'
import { readMessage, writeMessage } from '../message.ts'
import { carryTraces } from '../outbox.ts'
import { postColumns } from '../posts/rows.ts'
import { type Indexing, indexingOf } from '../search/indexing/indexes.ts'
import { documentOf } from '../search/opensearch/document.ts'
import { aliasOf } from '../search/opensearch/names.ts'
import type { TestOrigin } from './harness.ts'

/** Gives an origin the run's real OpenSearch, with indexes of its own; none is made yet. */
export function useOpenSearch({ ctx, region }: TestOrigin, client?: OpenSearch): Indexing {
  const alias = aliasOf(region, `test-${crypto.randomUUID().slice(0, 8)}`)
  ctx.openSearch = { client: client ?? createOpenSearch({ url: inject('openSearchUrl') }), alias }
  carryTraces(ctx.db)
  return indexingOf(ctx) as Indexing
}

/** Takes the events for the index that the outbox holds, as messages on their way. */
export async function takeEvents({ ctx }: TestOrigin): Promise<Departure[]> {
  return ctx.db.deleteFrom('outbox').where('kind', '=', 'post.changed').returningAll().execute()
}

/** Delivers a message as the worker would. */
export async function deliver({ ctx }: TestOrigin, row: Departure): Promise<void> {
  if (!isJobKind(row.kind)) throw new Error(`Cannot deliver a ${row.kind}`)
  const job = readMessage({ ...writeMessage(row, ctx.now()), messageId: row.job_id, receives: 1, sentAt: ctx.now() })
  await doJob(ctx, job)
}

/** Expects an index to say exactly what Postgres says: each public post by its version and content, and nothing else. */
export async function expectSame({ ctx }: TestOrigin, { openSearch }: Indexing, index: string): Promise<number> {
  const posts = await ctx.db.selectFrom('posts').select(postColumns).execute()
  const shown = posts.filter(({ status, seller_hidden }) => /^(active|reserved)$/.test(status) && !seller_hidden)
  const expected = shown.map(post => ({
    id: post.id,
    version: Number(post.search_version),
    document: JSON.parse(JSON.stringify(documentOf(post))),
  }))
  await openSearch.refresh(index)
  const found: StoredDocument[] = []
  for await (const page of openSearch.walk(index)) found.push(...page.filter(({ document }) => !document.gone))
  const byId = (a: StoredDocument, b: StoredDocument) => (a.id < b.id ? -1 : 1)
  expect(found.sort(byId)).toEqual(expected.sort(byId))
  return found.length
}
