import { createReadStream, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { FieldError } from '../../shared/errors.ts'
import { type OwnPost, ownStatuses, type Post } from '../../shared/post.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'
import { exportPosts } from './export.ts'
import { type ImportEvents, importPosts } from './import.ts'

const realAds = fileURLToPath(new URL('../../../shared/data/listings.ndjson', import.meta.url))
const ad = { id: '1', category: 'furniture', title: 'Oak table', description: 'Seats six.', price: 120, attributes: {} }

let origin: TestOrigin

beforeAll(async () => {
  origin = await createTestOrigin()
})

describe('importPosts', () => {
  it('publishes foreign ads: what the API gives back is what was sent', async () => {
    const seller = await origin.createAccount()
    const counts = await take(seller, [ad, { ...ad, id: '2', title: 'Oak chair' }])
    expect(counts).toMatchObject({ lines: 2, inserted: 2, bad: 0 })
    const [chair] = (await ownPosts(seller)).filter(post => post.title === 'Oak chair')
    const read = await origin.request('GET', `/posts/${chair?.id}`)
    expect(read.body).toMatchObject({
      title: 'Oak chair',
      category: 'chairs',
      status: 'active',
      price: { amount: 12_000, currency: 'USD' },
      location: { country: 'US', city: expect.any(String) },
    })
  })

  it('changes nothing the second time, in one file or two', async () => {
    const seller = await origin.createAccount()
    await take(seller, [ad, { ...ad, id: '2' }])
    const before = await ownPosts(seller)
    expect(await take(seller, [ad, { ...ad, id: '2' }, ad])).toMatchObject({ inserted: 0, updated: 0, unchanged: 3 })
    expect(await ownPosts(seller)).toEqual(before)
  })

  it('changes the words of a post whose line has changed, not its state and times', async () => {
    const seller = await origin.createAccount()
    await take(seller, [ad])
    const [before] = await ownPosts(seller)
    await act(seller, 'PUT', `/posts/${before?.id}/reservation`)
    expect(await take(seller, [{ ...ad, price: 90 }])).toMatchObject({ inserted: 0, updated: 1 })
    const [after] = await ownPosts(seller)
    expect(after).toEqual({
      ...before,
      status: 'reserved',
      ownStatus: 'reserved',
      version: 3,
      price: { amount: 9_000, currency: 'USD' },
    })
  })

  it.each(['sold', 'removed'] as const)('leaves a post alone that is %s', async status => {
    const seller = await origin.createAccount()
    await take(seller, [ad])
    const [post] = await ownPosts(seller)
    const removed_from = status === 'removed' ? ('active' as const) : null
    await origin.ctx.db
      .updateTable('posts')
      .set({ status, removed_from })
      .where('id', '=', post?.id ?? '')
      .execute()
    expect(await take(seller, [{ ...ad, title: 'Cleaned up' }])).toMatchObject({ updated: 0, unchanged: 1 })
  })

  it('takes the later of two lines with one id', async () => {
    const seller = await origin.createAccount()
    expect(await take(seller, [ad, { ...ad, title: 'Oak table, big' }])).toMatchObject({ inserted: 1, updated: 1 })
    expect(await ownPosts(seller)).toMatchObject([{ title: 'Oak table, big', externalId: '1' }])
  })

  it('names each bad line by number and field, and goes on', async () => {
    const seller = await origin.createAccount()
    const lines = [
      JSON.stringify(ad),
      '',
      '{"id":',
      JSON.stringify({ ...ad, id: '3', title: 'x' }),
      JSON.stringify({ ...ad, id: '4' }),
    ]
    const bad: [number, string[]][] = []
    const onBadLine = (line: number, errors: FieldError[]) => void bad.push([line, errors.map(error => error.field)])
    const counts = await importPosts(origin.ctx, seller.id, streamOf(`\ufeff${lines.join('\r\n')}\r\n`), { onBadLine })
    expect(counts).toMatchObject({ lines: 4, inserted: 2, bad: 2 })
    expect(bad).toEqual([
      [3, ['']],
      [4, ['title']],
    ])
  })

  it('takes thousands in batches, each of them once', async () => {
    const seller = await origin.createAccount()
    let batches = 0
    const lines = Array.from({ length: 1_203 }, (_, i) => ({ ...ad, id: `many-${i}` }))
    const counts = await take(seller, lines, { onProgress: () => batches++ })
    expect(counts).toMatchObject({ lines: 1_203, inserted: 1_203 })
    expect(batches).toBe(5)
  })
})

describe('exportPosts', () => {
  it('writes what an import elsewhere makes the same posts of', async () => {
    const seller = await origin.createAccount()
    for (const status of ownStatuses) await createTestPost(origin, seller, status, { title: `Thing ${status} 🚲` })
    await take(seller, [ad])
    const first = await linesOf(seller)
    const elsewhere = await createTestOrigin()
    const other = await elsewhere.createAccount()
    await importPosts(elsewhere.ctx, other.id, streamOf(first.join('')))
    const second: string[] = []
    for await (const line of exportPosts(elsewhere.ctx, other.id)) second.push(line)
    expect(second).toEqual(first)
  })

  it('taken back into its own account makes nothing twice', async () => {
    const seller = await origin.createAccount()
    await createTestPost(origin, seller)
    await take(seller, [ad])
    const before = await ownPosts(seller)
    expect(await importPosts(origin.ctx, seller.id, streamOf((await linesOf(seller)).join('')))).toMatchObject({
      unchanged: 2,
    })
    expect(await ownPosts(seller)).toEqual(before)
  })

  it('gives every post of a region when none is named', async () => {
    const lines: string[] = []
    for await (const line of exportPosts(origin.ctx)) lines.push(line)
    const { count } = origin.ctx.db.fn
    const { n } = await origin.ctx.db.selectFrom('posts').select(count('id').as('n')).executeTakeFirstOrThrow()
    expect(lines).toHaveLength(Number(n))
  })
})

describe.skipIf(!existsSync(realAds))('the real ads (skipped where ../shared/data is absent)', () => {
  it('are all there when one walks the cursor: none twice, none missed', async () => {
    const real = await createTestOrigin()
    const seller = await real.createAccount()
    const counts = await importPosts(real.ctx, seller.id, createReadStream(realAds))
    expect(counts).toMatchObject({ lines: 6_413, inserted: 6_413, bad: 0 })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: { body: { items: Post[]; nextCursor: string | null } } = await real.request(
        'GET',
        `/posts?limit=100${cursor ? `&cursor=${cursor}` : ''}`,
      )
      seen.push(...page.body.items.map(post => post.id))
      cursor = page.body.nextCursor
    } while (cursor)
    expect(seen).toHaveLength(6_413)
    expect(new Set(seen).size).toBe(6_413)
    expect(await importPosts(real.ctx, seller.id, createReadStream(realAds))).toMatchObject({ unchanged: 6_413 })
  })
})

function take(seller: TestAccount, lines: object[], events: ImportEvents = {}) {
  return importPosts(origin.ctx, seller.id, streamOf(lines.map(line => JSON.stringify(line)).join('\n')), events)
}

async function* streamOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000)
}

async function ownPosts({ token }: TestAccount): Promise<OwnPost[]> {
  return (await origin.request('GET', '/me/posts?limit=100', { token })).body.items
}

async function act({ token }: TestAccount, method: string, path: string): Promise<void> {
  expect((await origin.request(method, path, { token })).status).toBe(200)
}

async function linesOf({ id }: TestAccount): Promise<string[]> {
  const lines: string[] = []
  for await (const line of exportPosts(origin.ctx, id)) lines.push(line)
  return lines
}
