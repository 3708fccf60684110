import { expect, inject, test } from 'vitest'
import { waitForMail } from '../mail.ts'
import type { Login } from '../running-stack.ts'

/*
 * Nobody learns the mail address of whom they write to: everything that the site shows or sends to one side, of two who
 * write, report, block and are judged, is searched for the other side's address. Pages, replies with their headers, and
 * mails with theirs.
 */
const stack = inject('stack')
const site = stack.site

type Person = { login: Login; token: string; cookie: string; name: string }

test('no page, reply or mail shows one party’s address to the other', { timeout: 120_000 }, async () => {
  const members = (region: string) => stack.logins.filter(each => each.region === region && each.role === 'member')
  const seller = await signIn(members('na')[4])
  const far = await signIn(members('eu')[4])
  const near = await signIn(members('na')[5])
  for (const buyer of [far, near]) await converse(seller, buyer)

  const everybody = [seller, far, near]
  for (const reader of everybody) {
    const others = everybody.filter(each => each !== reader)
    const seen = [
      ...(await pagesFor(reader, seller)),
      ...(await repliesFor(reader, seller)),
      ...(await mailsTo(reader)),
    ]
    expect(seen.length).toBeGreaterThan(12)
    // The search finds what is there: a mail names its own reader.
    expect(seen.some(({ text }) => text.includes(reader.login.email))).toBe(true)
    for (const { what, text } of seen)
      for (const { login } of others)
        for (const trace of tracesOf(login.email)) expect(text.includes(trace), `${trace} in ${what}`).toBe(false)
  }
})

/** Two people write to each other; each is told by mail, reports the other, and is blocked for a moment. */
async function converse(seller: Person, buyer: Person): Promise<void> {
  const { items } = await api<{ items: { id: string; title: string; seller: { id: string } }[] }>(
    seller,
    'GET',
    '/me/posts?status=active',
  )
  const post = items[0]
  if (!post) throw new Error(`${seller.login.email} has no active post`)
  const thread = await api<{ id: string }>(buyer, 'POST', `/posts/${post.id}/messages`, { text: 'Hello' })
  await api(seller, 'POST', `/threads/${thread.id}/messages`, { text: 'Good day' })
  await waitForMail(stack.mail, seller.login.email, new RegExp(post.title.slice(0, 12)))
  await waitForMail(stack.mail, buyer.login.email, new RegExp(post.title.slice(0, 12)))
  const message = await api<{ items: { id: string }[] }>(buyer, 'GET', `/threads/${thread.id}/messages`)
  const report = { reason: 'other', text: 'Only a test' }
  await api(buyer, 'POST', `/messages/${message.items[0]?.id}/reports`, report)
  await api(buyer, 'POST', `/accounts/${post.seller.id}/reports`, report)
  await api(seller, 'PUT', `/threads/${thread.id}/block`)
  await expect(api(buyer, 'POST', `/threads/${thread.id}/messages`, { text: 'Still there?' })).rejects.toThrow('403')
  await api(seller, 'DELETE', `/threads/${thread.id}/block`)
}

type Seen = { what: string; text: string }

async function pagesFor(reader: Person, seller: Person): Promise<Seen[]> {
  const threads = await threadIds(reader)
  const { items } = await api<{ items: { id: string }[] }>(seller, 'GET', '/me/posts?status=active')
  const paths = [
    '/',
    '/c',
    '/messages',
    '/me/posts',
    `/p/${items[0]?.id}/x`,
    `/report/post/${items[0]?.id}`,
    ...threads.map(id => `/messages/${id}`),
  ]
  return Promise.all(
    paths.map(async path => shown(await fetch(site + path, { headers: { cookie: reader.cookie } }), path)),
  )
}

async function repliesFor(reader: Person, seller: Person): Promise<Seen[]> {
  const threads = await threadIds(reader)
  const { items } = await api<{ items: { id: string }[] }>(seller, 'GET', '/me/posts?status=active')
  const paths = [
    '/threads',
    '/me/unread',
    '/posts?region=na',
    `/posts/${items[0]?.id}`,
    ...threads.flatMap(id => [`/threads/${id}`, `/threads/${id}/messages`]),
  ]
  const headers = { authorization: `Bearer ${reader.token}` }
  const replies = paths.map(async path => shown(await fetch(`${site}/api/v1${path}`, { headers }), path))
  const refused = await fetch(`${site}/api/v1/reports`, { headers })
  return [...(await Promise.all(replies)), await shown(refused, '/reports')]
}

/** Each mail as SES was given it, with every header. */
async function mailsTo({ login }: Person): Promise<Seen[]> {
  const { emails } = (await (await fetch(`${stack.mail}/store`)).json()) as {
    emails: { subject: string; destination: { to: string[] } }[]
  }
  return emails
    .filter(({ destination }) => destination.to.includes(login.email))
    .map(mail => ({ what: `the mail "${mail.subject}" to ${login.email}`, text: JSON.stringify(mail) }))
}

async function shown(response: Response, what: string): Promise<Seen> {
  expect(response.status, what).toBeLessThan(500)
  return { what, text: JSON.stringify([...response.headers]) + (await response.text()) }
}

/** An address as it is, as it stands in addresses and forms, and in base64. */
function tracesOf(email: string): string[] {
  return [
    email,
    encodeURIComponent(email),
    email.replace('@', '&#64;'),
    Buffer.from(email).toString('base64').slice(0, -4),
  ]
}

async function threadIds(reader: Person): Promise<string[]> {
  const { items } = await api<{ items: { id: string }[] }>(reader, 'GET', '/threads?limit=5')
  expect(items.length).toBeGreaterThan(0)
  return items.map(({ id }) => id)
}

async function signIn(login: Login | undefined): Promise<Person> {
  if (!login) throw new Error('The stack has too few members')
  const grant = await request<{ accessToken: string; account: { displayName: string } }>('POST', '/sessions', {
    email: login.email,
    password: login.password,
  })
  const { accessToken: token, account } = grant
  return { login, token, cookie: `session=${token}`, name: account.displayName }
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
