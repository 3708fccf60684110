import { setTimeout as sleep } from 'node:timers/promises'
import { startStack } from '../e2e/running-stack.ts'
import { stackContext } from '../origin/cli/stack.ts'
import type { Context } from '../origin/context.ts'
import { takeUp } from '../origin/media/completing.ts'
import { announceImage } from '../origin/media/creating.ts'
import { originalKey } from '../origin/media/keys.ts'
import { createPost } from '../origin/posts/creating.ts'
import { publishPost } from '../origin/posts/publishing.ts'
import { createAccount, type TestAccount } from '../origin/testing/factories.ts'
import { somePost } from '../origin/testing/posts.ts'
import { apiPrefix } from '../shared/api.ts'
import { signRequest } from '../shared/edge-signature.ts'
import { internalHeaders } from '../shared/headers.ts'
import { createId } from '../shared/ids.ts'
import { maxImagesPerPost } from '../shared/media.ts'
import { encodeVisitor } from '../shared/visitor.ts'

/** Milliseconds of each request, while photos are made and while none are; how many photos, and the seconds that they took. */
export type Load = { quiet: number[]; busy: number[]; images: number; seconds: number }
type Request = () => Promise<number>

const rounds = 4
/** Milliseconds between two requests. */
const pause = 10
const warmUp = 300

/**
 * Measures requests to an origin's API while the worker beside it makes photos, and while it does not, in turn; on the stack of
 * `npm start`, where each role has a process of its own.
 * @param photos those that are sent, over and over, until there were `count`
 */
export async function measureLoad(photos: readonly Buffer[], count: number): Promise<Load> {
  const { stack, stop } = await startStack(['--regions', 'na', '--no-demo'])
  try {
    const ctx = await stackContext(['--data', stack.data], 'na')
    try {
      return await measure(ctx, stack.origins.na ?? '', photos, count)
    } finally {
      await ctx.db.destroy()
    }
  } finally {
    await stop()
  }
}

async function measure(ctx: Context, origin: string, photos: readonly Buffer[], count: number): Promise<Load> {
  const load: Load = { quiet: [], busy: [], images: 0, seconds: 0 }
  const seller = await createAccount(ctx)
  const posts = await createPosts(ctx, seller, Math.ceil(count / maxImagesPerPost))
  const request = createRequest(ctx, origin, seller, posts)
  for (let n = 0; n < warmUp; n++) await request()
  for (let round = 0; round < rounds; round++) {
    const ids: string[] = []
    for (; load.images + ids.length < (count * (round + 1)) / rounds; ) {
      const n = load.images + ids.length
      ids.push(await sendPhoto(ctx, seller, posts[Math.floor(n / maxImagesPerPost)] ?? '', photos[n % photos.length]))
    }
    load.images += ids.length
    const begun = performance.now()
    for (const id of ids) await takeUp(ctx, { id }, { bytes: 1, contentType: 'image/jpeg' })
    load.busy.push(...(await requestUntil(request, () => allSettled(ctx))))
    const took = performance.now() - begun
    load.seconds += took / 1000
    load.quiet.push(...(await requestUntil(request, async () => performance.now() - begun > 2 * took)))
  }
  return load
}

async function requestUntil(request: Request, isOver: () => Promise<boolean>): Promise<number[]> {
  const times: number[] = []
  let over = false
  const looking = (async () => {
    while (!over) {
      await sleep(250)
      over = await isOver()
    }
  })()
  while (!over) {
    times.push(await request())
    await sleep(pause)
  }
  await looking
  return times
}

async function allSettled({ db }: Context): Promise<boolean> {
  const open = db.selectFrom('images').select('id').where('state', '=', 'processing')
  return (await open.executeTakeFirst()) === undefined
}

async function createPosts(ctx: Context, { actor }: TestAccount, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const { id } = await createPost(ctx, actor, somePost())
    await publishPost(ctx, actor, id)
    ids.push(id)
  }
  return ids
}

async function sendPhoto(
  ctx: Context,
  { actor }: TestAccount,
  postId: string,
  photo: Uint8Array = Buffer.alloc(0),
): Promise<string> {
  const id = createId(ctx.region, ctx.now().getTime())
  const contentType = 'image/jpeg'
  await ctx.objects.put(originalKey(id), photo, { contentType })
  await announceImage(ctx, actor, postId, { id, fileName: 'photo.jpg', contentType, bytes: photo.length, alt: '' })
  return id
}

/** Requests as the edge sends them, a post, a list and one's account in turn. @returns milliseconds until the body is there */
function createRequest(ctx: Context, origin: string, { token }: TestAccount, posts: string[]): Request {
  const visitor = { ip: '203.0.113.7', country: 'US', userAgent: 'bench' }
  const nowhere = { subdivision: null, city: null, continent: null, lat: null, lon: null, timeZone: null }
  let turn = 0
  return async () => {
    const targets = [`/posts/${posts[turn % posts.length]}`, '/posts?country=US', '/accounts/me']
    const target = apiPrefix + targets[turn++ % targets.length]
    const headers = new Headers({ authorization: `Bearer ${token}` })
    headers.set(internalHeaders.region, ctx.region)
    headers.set(internalHeaders.visitor, encodeVisitor({ ...visitor, ...nowhere }))
    const parts = { method: 'GET', target, headers, body: null }
    headers.set(internalHeaders.signature, await signRequest(ctx.config.keys.edge, ctx.region, parts, Date.now()))
    const begun = performance.now()
    const response = await fetch(origin + target, { headers })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`Cannot measure: ${target} answers ${response.status}`)
    return performance.now() - begun
  }
}
