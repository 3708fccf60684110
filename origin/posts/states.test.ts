import { beforeAll, describe, expect, it } from 'vitest'
import { type OwnPost, type OwnStatus, ownStatuses } from '../../shared/post.ts'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { createTestPost, turnBack } from '../testing/posts.ts'
import { type Outcome, transitions, type Verb } from './transitions.ts'

const requests: Partial<Record<Verb, [method: string, resource: string, body?: object]>> = {
  publish: ['PUT', '/publication'],
  withdraw: ['DELETE', '/publication'],
  reserve: ['PUT', '/reservation'],
  unreserve: ['DELETE', '/reservation'],
  sell: ['PUT', '/sale'],
  renew: ['POST', '/renewals'],
  edit: ['PATCH', '', { title: 'Another title' }],
  delete: ['DELETE', ''],
  remove: ['PUT', '/removal', { reason: 'Not allowed here' }],
  restore: ['DELETE', '/removal'],
}
const sellerVerbs: Verb[] = ['publish', 'withdraw', 'reserve', 'unreserve', 'sell', 'renew', 'edit', 'delete']

const day = 86_400_000

let origin: TestOrigin
let seller: TestAccount
let moderator: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
  moderator = await origin.createAccount({ role: 'moderator' })
})

describe.each(ownStatuses)('a post that is %s', status => {
  it.each(sellerVerbs)('answers its seller’s %s by the table', async verb => {
    const post = await createTestPost(origin, seller, status)
    if (verb === 'renew') await turnBack(origin, post.id, 3 * day) // no bump soon after another
    await expectOutcome((await read(post)).body, verb, seller)
  })

  it.each(['remove', 'restore'] as const)('answers a moderator’s %s by the table', async verb => {
    const post = await createTestPost(origin, seller, status)
    if (status !== 'draft') return expectOutcome(post, verb, moderator)
    const reply = await send(post, verb, moderator)
    expect(reply.body).toMatchObject({ status: 404, code: 'post_not_found' })
  })
})

async function expectOutcome(post: OwnPost, verb: Verb, actor: TestAccount): Promise<void> {
  const outcome = transitions[post.ownStatus][verb]
  const reply = await send(post, verb, actor)
  const after = await read(post)
  if (outcome === 'illegal') {
    expect(reply.body).toMatchObject({ status: 409, code: 'illegal_transition' })
    expect(reply.body.detail).toContain(`is "${post.ownStatus}"`)
    expect(after.body).toEqual(post)
  } else if (outcome === 'gone') {
    expect(reply.status).toBe(204)
    expect(after.body.code).toBe(post.ownStatus === 'draft' ? 'post_not_found' : 'post_gone')
  } else {
    expect(reply.status).toBe(200)
    expect(reply.headers.get('etag')).toBe(`"${after.body.version}"`)
    expect(after.body.ownStatus).toBe(expectedStatus(post.ownStatus, outcome, verb))
    expect(after.body.version - post.version).toBe(outcome === 'already' ? 0 : 1)
    if (outcome === 'already') expect(after.body).toEqual(post)
  }
}

function read({ id }: OwnPost) {
  return origin.request('GET', `/posts/${id}`, { token: seller.token })
}

/** What becomes of a state: renewal revives an expired post, a removed one comes from active in these tests. */
function expectedStatus(before: OwnStatus, outcome: Outcome, verb: Verb): string {
  if (outcome === 'already') return before
  if (outcome === 'before') return 'active'
  if (outcome === 'keep') return verb === 'renew' && before === 'expired' ? 'active' : before
  return outcome
}

function send(post: OwnPost, verb: Verb, { token }: TestAccount) {
  const [method = '', resource = '', body] = requests[verb] ?? []
  const headers: Record<string, string> = verb === 'edit' ? { 'if-match': `"${post.version}"` } : {}
  return origin.request(method, `/posts/${post.id}${resource}`, { token, headers, ...(body && { body }) })
}
