import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostInput } from '../../shared/post.ts'
import { createRandom } from '../local/demo/random.ts'
import type { ChaosAccount } from './accounts.ts'
import { openLedger, type What } from './ledger.ts'

/*
 * `node client.ts SITE LEDGER ACCOUNTS RATE SEED`: a seller and a buyer that never give up. It writes to a site at a steady
 * rate, each write under a key of its own that it repeats until it has an answer, and keeps its own book: nothing counts as
 * acknowledged that the book does not have on the disk. SIGTERM: no new wishes; it ends when the open ones are answered.
 */

const [site = '', ledgerFile = '', accountsFile = '', rate = '20', seed = '1'] = process.argv.slice(2)
const accounts = JSON.parse(readFileSync(accountsFile, 'utf8')) as ChaosAccount[]
const ledger = openLedger(ledgerFile)
const random = createRandom(`client ${seed}`)

/** How long an open wish is pursued after the end was asked for, in milliseconds. */
const patience = 120_000
/** Longer than the edge may take: when it is over nobody will answer any more. */
const requestTimeout = 12_000

type Person = ChaosAccount & { token: string; signingIn?: Promise<void> | undefined; threads: string[]; full: boolean }
const people: Person[] = accounts.map(account => ({ ...account, token: '', threads: [], full: false }))
const sellers = people.filter(({ role }) => role === 'seller')
const buyers = people.filter(({ role }) => role === 'buyer')
const drafts: { id: string; seller: Person }[] = []
const published: string[] = []
const open = new Set<Promise<unknown>>()
let count = 0
let stopping = false
let giveUpAt = Number.POSITIVE_INFINITY

process.once('SIGTERM', () => {
  stopping = true
  giveUpAt = Date.now() + patience
})

for (const person of people) await signIn(person)
console.log('writing')
const started = performance.now()
for (let tick = 0; !stopping; tick++) {
  const wish = act()
  open.add(wish)
  void wish.finally(() => open.delete(wish))
  await sleep(Math.max(0, started + ((tick + 1) * 1000) / Number(rate) - performance.now()))
}
await Promise.all(open)
ledger.close()
console.log(`${count} wishes`)

/** One write: about as many new posts as publications, and now and then a message. */
function act(): Promise<unknown> {
  const draft = drafts[0]
  const dice = random.next()
  if (dice < 0.1 && published.length > 0) return write()
  if (dice < 0.55 || !draft) return createPost(random.pick(sellers))
  drafts.shift()
  return publish(draft)
}

async function createPost(seller: Person): Promise<void> {
  const key = nextKey()
  const body = { ...samplePost(seller), title: `Chaos ${key}` }
  const made = await pursue(key, 'post', seller, { method: 'POST', path: '/posts', body })
  if (made) drafts.push({ id: made.id, seller })
}

async function publish({ id, seller }: { id: string; seller: Person }): Promise<void> {
  const done = await pursue(nextKey(), 'publication', seller, { method: 'PUT', path: `/posts/${id}/publication` }, id)
  if (done) published.push(id)
}

/** The first message to a seller opens a thread; when a buyer may open no more, the talk goes on in one of theirs. */
async function write(): Promise<void> {
  const free = buyers.filter(({ full }) => !full)
  if (free.length === 0) return createPost(random.pick(sellers))
  const buyer = random.pick(free)
  const key = nextKey()
  const body = { text: `Message ${key}` }
  const about = buyer.threads.length < 15 ? random.pick(published) : undefined
  const thread = buyer.threads.length > 0 ? random.pick(buyer.threads) : undefined
  const path = about ? `/posts/${about}/messages` : `/threads/${thread}/messages`
  const sent = await pursue(key, 'message', buyer, { method: 'POST', path, body }, about ?? thread)
  if (sent && about) buyer.threads.push(sent.id)
}

type Request = { method: string; path: string; body?: object }

/** Repeats a request under its key until it is answered for good. */
async function pursue(key: string, what: What, person: Person, request: Request, about?: string) {
  ledger.write({ key, at: Date.now(), ask: what, by: person.id, ...(about && { about }) })
  for (let attempt = 0; Date.now() < giveUpAt; attempt++) {
    const answer = await ask(person, request, key).catch(() => undefined)
    if (answer && answer.status < 300) {
      const { id } = answer.body as { id: string }
      ledger.write({ key, at: Date.now(), yes: id })
      // Some people press twice: the same key must not make another one.
      if (random.chance(0.05)) await ask(person, request, key).catch(() => undefined)
      return { id }
    }
    if (answer?.status === 401) await signIn(person)
    else if (answer && isFinal(answer)) {
      ledger.write({ key, at: Date.now(), no: `${answer.status} ${answer.body.code}` })
      if (answer.status === 429) person.full = true
      return undefined
    }
    await sleep(Math.min(200 * 2 ** attempt, 2_000) * (0.5 + Math.random() / 2))
  }
  return undefined
}

type Answer = { status: number; body: { code?: string; id?: string; accessToken?: string } }

function isFinal({ status, body }: Answer): boolean {
  return status < 500 && body.code !== 'idempotency_in_flight' && body.code !== 'conflict'
}

async function ask({ token }: Pick<Person, 'token'>, { method, path, body }: Request, key?: string): Promise<Answer> {
  const reply = await fetch(`${site}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
      ...(key && { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(requestTimeout),
  })
  return { status: reply.status, body: (await reply.json()) as Answer['body'] }
}

async function signIn(person: Person): Promise<void> {
  person.signingIn ??= (async () => {
    const { email, password } = person
    while (Date.now() < giveUpAt) {
      const answer = await ask({ token: '' }, { method: 'POST', path: '/sessions', body: { email, password } }).catch(
        () => undefined,
      )
      if (answer?.body.accessToken) {
        person.token = answer.body.accessToken
        break
      }
      await sleep(500)
    }
    person.signingIn = undefined
  })()
  await person.signingIn
}

function nextKey(): string {
  count++
  return `${seed}-${String(count).padStart(6, '0')}`
}

function samplePost({ region }: Person): Omit<PostInput, 'title'> {
  const location =
    region === 'na'
      ? { country: 'US', subdivision: 'US-NY', city: 'New York', lat: 40.7128, lon: -74.006 }
      : { country: 'DE', subdivision: 'DE-BE', city: 'Berlin', lat: 52.5244, lon: 13.4105 }
  return {
    description: 'Seven gears, new tyres.',
    category: 'bicycles',
    price: { amount: 18_000, currency: 'USD' },
    priceKind: 'fixed',
    condition: 'good',
    attributes: {},
    location,
  }
}
