import { beforeAll, expect, it } from 'vitest'
import type { Report } from '../../shared/report.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestImage } from '../testing/images.ts'
import { createTestReport, createTestThread } from '../testing/messages.ts'
import { createTestPost } from '../testing/posts.ts'

let origin: TestOrigin
let seller: TestAccount
let buyer: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
  buyer = await origin.createAccount()
})

const coverFor = async (threadId: string, { token }: TestAccount) =>
  (await origin.request('GET', `/threads/${threadId}`, { token })).body.post.cover?.id ?? null

it('a thread shows the first photo that is ready, to a buyer for as long as everybody may see it', async () => {
  const post = await createTestPost(origin, seller)
  const { id: threadId } = await createTestThread(origin, buyer, post.id)
  expect(await coverFor(threadId, buyer)).toBeNull()
  await createTestImage(origin, seller, post.id, { state: 'processing' })
  const cover = await createTestImage(origin, seller, post.id)
  await createTestImage(origin, seller, post.id)
  expect([await coverFor(threadId, buyer), await coverFor(threadId, seller)]).toEqual([cover, cover])
  const { body } = await origin.request('GET', '/threads', { token: seller.token })
  expect(body.items[0].post.cover).toMatchObject({ id: cover, color: '#123456', width: 320 })
  await origin.request('DELETE', `/posts/${post.id}/publication`, { token: seller.token })
  expect([await coverFor(threadId, buyer), await coverFor(threadId, seller)]).toEqual([null, cover])
})

it('a report shows a moderator every photo of its post', async () => {
  const post = await createTestPost(origin, seller)
  const images = [await createTestImage(origin, seller, post.id), await createTestImage(origin, seller, post.id)]
  await createTestReport(origin, `/posts/${post.id}`, buyer.token)
  const { token } = await origin.createAccount({ role: 'moderator' })
  const { body } = await origin.request('GET', '/reports?limit=100', { token })
  const report = (body.items as Report[]).find(({ subjectId }) => subjectId === post.id)
  expect(report?.post?.images.map(({ id }) => id)).toEqual(images)
})
