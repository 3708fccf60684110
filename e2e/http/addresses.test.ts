import { expect, inject, test } from 'vitest'
import { createId } from '../../shared/ids.ts'
import { waitForMail } from '../mail.ts'
import type { Login } from '../running-stack.ts'
import {
  callEveryRoute,
  openEveryPage,
  type Reader,
  readLogs,
  readMails,
  readTables,
  type Seen,
  type Things,
} from './surfaces.ts'

/*
 * Nobody learns the mail address of whom they write to. Two buyers, one of another region, write to a seller; they report and
 * block each other, and a moderator judges. Then everything that the site shows or sends to each of them, to the
 * moderator and to a stranger is searched for the others' addresses: every route of the API table, every page, mails with their headers, the copy
 * of one's data. What is kept and logged on the way holds nobody's.
 */
const stack = inject('stack')
const { site } = stack

type Person = Reader & { login: Login; token: string; id: string }

test('nothing that is shown, sent, kept or logged tells one party’s address to another', {
  timeout: 300_000,
}, async () => {
  const member = (region: string, n: number) =>
    signIn(
      stack.logins.filter(each => each.region === region && each.role === 'member')[n],
      `the member ${n} of ${region}`,
    )
  const seller = await member('na', 4)
  const buyers = [await member('eu', 4), await member('na', 5)]
  const moderator = await signIn(
    stack.logins.find(({ role, region }) => role === 'moderator' && region === 'na'),
    'the moderator',
  )
  const parties = [...buyers, seller]
  const post = await publish(seller)
  const talks = await Promise.all(buyers.map(buyer => converse(seller, buyer, post)))
  const copies = new Map(await Promise.all(parties.map(async each => [each, await copyOfData(each)] as const)))
  const { items } = await api<{ items: { id: string }[] }>(moderator, 'GET', '/reports?region=na&limit=1')

  // Whoever can delete the post comes last.
  for (const reader of [{ who: 'a stranger' }, moderator, ...parties] as (Reader | Person)[]) {
    const talk = talks[parties.indexOf(reader as Person)] ?? talks[0]
    const things: Things = {
      posts: post.id,
      images: createId('na'),
      accounts: (reader === seller ? buyers[0] : seller)?.id ?? '',
      threads: talk?.thread ?? '',
      messages: talk?.message ?? '',
      reports: items[0]?.id ?? '',
      sessions: createId('na'),
      exports: copies.get(reader as Person) ?? createId('na'),
    }
    const surfaces = {
      mails: await readMails(stack.mail, reader),
      pages: await openEveryPage(site, reader, things),
      replies: await callEveryRoute(site, reader, things),
    }
    const others = parties.filter(each => each !== reader)
    for (const [name, seen] of Object.entries(surfaces)) {
      for (const other of others) expectNoTrace(seen, other, `${name} for ${reader.who}`)
      // The search finds what is there: one's own address.
      if (reader !== moderator && reader.login) expect(traces(seen, reader.login.email), name).not.toEqual([])
    }
    if (copies.has(reader as Person)) {
      const copy = surfaces.replies.filter(({ what }) => what.startsWith('downloadExport (200)'))
      expect(traces(copy, reader.login?.email ?? '')).not.toEqual([])
    }
  }

  const kept = [
    ...(await readTables(stack.data, 'na')),
    ...(await readTables(stack.data, 'eu')),
    ...readLogs(stack.data),
  ]
  for (const table of ['outbox', 'mails', 'threads', 'thread_mirrors', 'reports'])
    expect(kept.find(({ what }) => what === `the table ${table} of na`)?.text, table).toBeTruthy()
  for (const person of [...parties, moderator]) expectNoTrace(kept, person, 'what is kept')
})

function expectNoTrace(seen: Seen[], { login }: Person, where: string): void {
  expect(traces(seen, login.email), `${login.email} in ${where}`).toEqual([])
}

/** Where an address stands: as it is, as in addresses and forms, and in base64. */
function traces(seen: Seen[], email: string): string[] {
  const forms = [email, encodeURIComponent(email), email.replace('@', '&#64;'), encoded(email)]
  return seen.flatMap(({ what, text }) => (forms.some(form => text.includes(form)) ? [what] : []))
}

/** Without the last characters, which depend on what follows. */
function encoded(email: string): string {
  return Buffer.from(email).toString('base64').slice(0, -4)
}

async function publish(seller: Person): Promise<{ id: string; title: string }> {
  const post = await api<{ id: string; title: string }>(seller, 'POST', '/posts', {
    title: `Swept ${crypto.randomUUID().slice(0, 8)}`,
    category: 'hand-tools',
    price: { amount: 900, currency: 'USD' },
    location: { country: 'US', subdivision: 'US-NY', city: 'New York', lat: 40.7128, lon: -74.006 },
  })
  return api(seller, 'PUT', `/posts/${post.id}/publication`)
}

/** Two people write to each other; each is told by mail, one reports the other, and is blocked for a moment. */
async function converse(seller: Person, buyer: Person, { id, title }: { id: string; title: string }) {
  const thread = await api<{ id: string }>(buyer, 'POST', `/posts/${id}/messages`, { text: 'Hello' })
  const answer = await api<{ id: string }>(seller, 'POST', `/threads/${thread.id}/messages`, { text: 'Good day' })
  for (const { login } of [seller, buyer]) await waitForMail(stack.mail, login.email, new RegExp(title))
  const report = { reason: 'other', text: 'Only a test' }
  await api(buyer, 'POST', `/messages/${answer.id}/reports`, report)
  await api(buyer, 'POST', `/accounts/${seller.id}/reports`, report)
  await api(seller, 'PUT', `/threads/${thread.id}/block`)
  await expect(api(buyer, 'POST', `/threads/${thread.id}/messages`, { text: 'Still there?' })).rejects.toThrow('403')
  await api(seller, 'DELETE', `/threads/${thread.id}/block`)
  return { thread: thread.id, message: answer.id }
}

/** Asks for a copy of one's data, unless there is one of today already, and waits until it is there. @returns its id */
async function copyOfData(person: Person): Promise<string> {
  const list = () =>
    api<{ items: { id: string; state: string }[]; nextFrom: string | null }>(person, 'GET', '/accounts/me/exports')
  if ((await list()).nextFrom === null) await api(person, 'POST', '/accounts/me/exports')
  await expect.poll(async () => (await list()).items[0]?.state, { timeout: 80_000 }).toBe('ready')
  return (await list()).items[0]?.id ?? ''
}

async function signIn(login: Login | undefined, who: string): Promise<Person> {
  if (!login) throw new Error(`The stack has no login of ${who}`)
  const { email, password } = login
  const grant = await request<{ accessToken: string; account: { id: string } }>('POST', '/sessions', {
    email,
    password,
  })
  return { who, login, token: grant.accessToken, id: grant.account.id }
}

const api = <T>(person: Person, method: string, path: string, body?: object) =>
  request<T>(method, path, body, { authorization: `Bearer ${person.token}` })

async function request<T>(
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<T> {
  const response = await fetch(`${site}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return (text ? JSON.parse(text) : undefined) as T
}
