import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { soldPageLifetime } from '../posts/visibility.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { createTestImage } from '../testing/images.ts'
import { createTestPost } from '../testing/posts.ts'
import { loseRace } from '../testing/race.ts'

let origin: TestOrigin
let seller: TestAccount
let other: TestAccount
let moderator: TestAccount
let far: TestAccount
let postId: string

beforeAll(async () => {
  const world = await createTestWorld(['na', 'eu'])
  origin = world.na
  other = await origin.createAccount()
  moderator = await origin.createAccount({ role: 'moderator' })
  far = await world.eu.createAccount({ role: 'moderator' })
})

beforeEach(async () => {
  seller = await origin.createAccount()
  postId = (await createTestPost(origin, seller)).id
})

type Caller = { token?: string }
const list = ({ token }: Caller = seller, id = postId) => origin.request('GET', `/posts/${id}/images`, { token })
const order = (ids: string[], { token }: Caller = seller, id = postId) =>
  origin.request('PUT', `/posts/${id}/images/order`, { token, body: { ids } })
const edit = (id: string, alt: string, { token }: Caller = seller) =>
  origin.request('PATCH', `/images/${id}`, { token, body: { alt } })
const remove = (id: string, { token }: Caller = seller) => origin.request('DELETE', `/images/${id}`, { token })
const read = (id: string, { token }: Caller = {}) => origin.request('GET', `/images/${id}`, { token })
const add = (state: 'uploading' | 'processing' | 'ready' | 'failed' = 'ready', post = postId) =>
  createTestImage(origin, seller, post, { state })
const idsOf = (reply: { body: { items: { id: string }[] } }) => reply.body.items.map(({ id }) => id)

/** The tags that are purged by what was done to a post. */
async function purgedTags(id = postId): Promise<string[]> {
  const rows = origin.ctx.db.selectFrom('outbox').select('payload').where('kind', '=', 'purge')
  const done = await rows.where('aggregate_id', '=', id).orderBy('id').execute()
  return done.flatMap(({ payload }) => payload.tags as string[])
}
const clearOutbox = () => origin.ctx.db.deleteFrom('outbox').execute()

describe('listImages', () => {
  it('shows the seller all of a post’s photos in order, in every state', async () => {
    const ids = [await add('failed'), await add('ready'), await add('uploading'), await add('processing')]
    const reply = await list()
    expect(reply.status).toBe(200)
    expect(idsOf(reply)).toEqual(ids)
    expect(reply.body.items).toMatchObject([
      { state: 'failed', problem: 'unreadable', image: null },
      { state: 'ready', problem: null, image: { width: 320, variants: [{ step: 320, width: 320, height: 240 }] } },
      { state: 'uploading', image: null },
      { state: 'processing', image: null },
    ])
    expect((await origin.request('GET', `/posts/${postId}`)).body.images).toEqual([reply.body.items[1].image])
  })

  it('is for nobody else', async () => {
    const draft = (await createTestPost(origin, seller, 'draft')).id
    for (const caller of [other, moderator]) {
      expect((await list(caller)).body.code).toBe('forbidden')
      expect((await list(caller, draft)).body.code).toBe('post_not_found')
    }
    expect((await list(far)).body.code).toBe('wrong_region')
    expect((await list({})).body.code).toBe('unauthenticated')
  })
})

describe('orderImages', () => {
  it('orders them, whatever their states; the first becomes the cover that everybody sees', async () => {
    const [a, b, c] = [await add(), await add('failed'), await add()]
    await clearOutbox()
    expect(idsOf(await order([c, b, a]))).toEqual([c, b, a])
    expect(idsOf(await list())).toEqual([c, b, a])
    const shown = (await origin.request('GET', `/posts/${postId}`)).body.images
    expect(shown.map(({ id }: { id: string }) => id)).toEqual([c, a])
    expect(await purgedTags()).toEqual(expect.arrayContaining([`post:${postId}`, 'list:na:*:*', 'list:na:US:bicycles']))
  })

  it('changes and purges nothing when they are so already', async () => {
    const ids = [await add(), await add()]
    await clearOutbox()
    expect(idsOf(await order(ids))).toEqual(ids)
    expect(await purgedTags()).toEqual([])
  })

  it('is a conflict unless it names each of them once', async () => {
    const [a, b] = [await add(), await add()]
    const foreign = await createTestImage(origin, other, (await createTestPost(origin, other)).id)
    for (const ids of [[], [a], [a, a], [a, b, a], [a, b, foreign], [a, foreign], ['', a]])
      expect((await order(ids)).body).toMatchObject({ status: 409, code: 'conflict' })
    expect((await order(Array.from({ length: 13 }, () => a))).status).toBe(422)
    expect(idsOf(await list())).toEqual([a, b])
  })

  it('loses the race against whoever adds one', async () => {
    const ids = [await add(), await add()]
    const outcome = await loseRace(
      origin.ctx,
      () => order(ids.toReversed()),
      async trx => {
        await trx.selectFrom('posts').select('id').where('id', '=', postId).forUpdate().execute()
        await createTestImage({ ...origin, ctx: { ...origin.ctx, db: trx } }, seller, postId)
      },
    )
    expect(outcome).toMatchObject({ value: { status: 409, body: { code: 'conflict' } } })
  })

  it('is for the seller alone, while the post may be edited', async () => {
    const id = await add()
    expect((await order([id], other)).body.code).toBe('forbidden')
    expect((await order([id], moderator)).body.code).toBe('forbidden')
    expect((await order([id], far)).body.code).toBe('wrong_region')
    const sold = (await createTestPost(origin, seller, 'sold')).id
    expect((await order([], seller, sold)).body.code).toBe('illegal_transition')
  })
})

describe('editImage', () => {
  it('changes what a photo is said to show', async () => {
    const id = await add()
    await clearOutbox()
    expect((await edit(id, 'The bike from the left')).body).toMatchObject({ id, alt: 'The bike from the left' })
    expect((await origin.request('GET', `/posts/${postId}`)).body.images[0].alt).toBe('The bike from the left')
    expect(await purgedTags()).toContain(`post:${postId}`)
    expect((await edit(id, '')).body.alt).toBe('')
  })

  it('purges nothing for a photo that nobody has seen', async () => {
    const [id, draft] = [await add('processing'), (await createTestPost(origin, seller, 'draft')).id]
    await clearOutbox()
    await edit(id, 'A bike')
    await edit(await add('ready', draft), 'A bike')
    expect([...(await purgedTags()), ...(await purgedTags(draft))]).toEqual([])
  })

  it('refuses what is no line of text', async () => {
    const id = await add()
    for (const alt of ['a\nb', 'a\0', 'x'.repeat(251)])
      expect((await edit(id, alt)).body.errors).toMatchObject([{ field: 'alt' }])
  })

  it('finds nothing when the photo went meanwhile', async () => {
    const id = await add()
    const outcome = await loseRace(
      origin.ctx,
      () => edit(id, 'Too late'),
      async trx => {
        await trx.selectFrom('posts').select('id').where('id', '=', postId).forUpdate().execute()
        await trx.deleteFrom('images').where('id', '=', id).execute()
      },
    )
    expect(outcome).toMatchObject({ value: { status: 404, body: { code: 'image_not_found' } } })
  })
})

describe('deleteImage', () => {
  it('takes a photo from the post at once, and purges what was seen of it', async () => {
    const [a, b] = [await add(), await add()]
    await clearOutbox()
    expect((await remove(a)).status).toBe(204)
    expect(idsOf(await list())).toEqual([b])
    const shown = (await origin.request('GET', `/posts/${postId}`)).body.images
    expect(shown.map(({ id }: { id: string }) => id)).toEqual([b])
    expect(await purgedTags()).toContain(`post:${postId}`)
    const removed = origin.ctx.db.selectFrom('outbox').select('payload').where('kind', '=', 'image.removed')
    expect((await removed.execute()).map(({ payload }) => payload)).toContainEqual({
      folders: [`media/${a}`],
      keys: [`uploads/${a}`],
    })
    expect((await remove(a)).body.code).toBe('image_not_found')
  })

  it.each(['draft', 'sold', 'withdrawn', 'removed', 'expired'] as const)(
    'is allowed of a post that is %s',
    async status => {
      const id = await add('ready', (await createTestPost(origin, seller, status)).id)
      expect((await remove(id)).status).toBe(204)
    },
  )

  it('is done once by two who do it at once', async () => {
    const id = await add()
    const statuses = (await Promise.all([remove(id), remove(id)])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([204, 404])
  })
})

describe('editImage and deleteImage', () => {
  it('are for the seller alone: what others may see is forbidden to them, of the rest they learn nothing', async () => {
    const draft = (await createTestPost(origin, seller, 'draft')).id
    const withdrawn = (await createTestPost(origin, seller, 'withdrawn')).id
    const cases = [
      { id: await add('ready'), member: 'forbidden', mod: 'forbidden' },
      { id: await add('uploading'), member: 'image_not_found', mod: 'image_not_found' },
      { id: await add('ready', draft), member: 'image_not_found', mod: 'image_not_found' },
      { id: await add('ready', withdrawn), member: 'image_not_found', mod: 'forbidden' },
    ]
    for (const { id, member, mod } of cases) {
      for (const act of [(caller: Caller) => edit(id, 'Mine', caller), (caller: Caller) => remove(id, caller)]) {
        expect((await act(other)).body.code).toBe(member)
        expect((await act(moderator)).body.code).toBe(mod)
        expect((await act(far)).body.code).toBe('wrong_region')
        expect((await act({})).body.code).toBe('unauthenticated')
      }
    }
    const rows = origin.ctx.db.selectFrom('images').select('alt').where('account_id', '=', seller.id)
    expect(await rows.execute()).toEqual(cases.map(() => ({ alt: '' })))
  })
})

describe('readImage', () => {
  it('tells everybody where a public photo lies and until when it is one', async () => {
    const post = await createTestPost(origin, seller)
    const id = await add('ready', post.id)
    const answer = {
      id,
      postId: post.id,
      sellerId: seller.id,
      public: true,
      until: post.expiresAt,
      folder: `media/${id}`,
      variants: [{ step: 320, width: 320, height: 240 }],
    }
    for (const caller of [{}, seller, other, moderator, far]) {
      const reply = await read(id, caller)
      expect([reply.status, reply.body]).toEqual([200, answer])
    }
  })

  it('ends with the page of a sold post', async () => {
    const post = await createTestPost(origin, seller, 'sold')
    const { until } = (await read(await add('ready', post.id))).body
    expect(Date.parse(until) - Date.parse(post.soldAt ?? '')).toBe(soldPageLifetime)
  })

  it.each(['withdrawn', 'removed', 'expired'] as const)(
    'shows one of a post that is %s to its seller and to moderators of the region, as nobody else’s',
    async status => {
      const id = await add('ready', (await createTestPost(origin, seller, status)).id)
      for (const caller of [seller, moderator])
        expect((await read(id, caller)).body).toMatchObject({ public: false, until: null })
      for (const caller of [{}, other, far])
        expect((await read(id, caller)).body).toMatchObject({ status: 404, code: 'image_not_found' })
    },
  )

  it('shows one of a draft to its seller alone', async () => {
    const id = await add('ready', (await createTestPost(origin, seller, 'draft')).id)
    expect((await read(id, seller)).body).toMatchObject({ public: false, until: null })
    for (const caller of [{}, other, moderator, far]) expect((await read(id, caller)).status).toBe(404)
  })

  it('hides those of a suspended seller', async () => {
    const id = await add()
    const body = { reason: 'Spam' }
    await origin.request('PUT', `/accounts/${seller.id}/suspension`, { token: moderator.token, body })
    expect((await read(id)).status).toBe(404)
    expect((await read(id, moderator)).body.public).toBe(false)
  })

  it('knows nothing of what is not ready, gone or nonsense', async () => {
    const ids = [await add('uploading'), await add('processing'), await add('failed')]
    const deleted = await add()
    await remove(deleted)
    for (const id of [...ids, deleted, 'na_nonsense', '..%2f..', 'na_01m8348d000000000000000004'])
      expect((await read(id, seller)).body).toMatchObject({ status: 404, code: 'image_not_found' })
  })
})
