import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import pg from 'pg'
import { type ApiRoute, api, apiPrefix } from '../../shared/api.ts'
import { paths, postActions, threadActions } from '../../shared/paths.ts'
import type { Login } from '../running-stack.ts'

/** Who looks; a stranger has neither login nor token. */
export type Reader = { who: string; login?: Login; token?: string }
/** Something that was shown, said or kept. */
export type Seen = { what: string; text: string }
/** Ids to ask for, each by the part of a route's path that stands before `:id`. */
export type Things = Record<
  'posts' | 'images' | 'accounts' | 'threads' | 'messages' | 'reports' | 'sessions' | 'exports',
  string
>

/** Calls that take away what others look at, or the reader's own session: made after all the others. */
const last = ['deletePost', 'endSession', 'endCurrentSession', 'endAllSessions']

/**
 * Calls every route of the API table: reads with what they need, writes with an empty body, so that most of them answer with
 * what is wrong.
 * @throws {Error} for a new kind of id, so that no route is left out
 */
export async function callEveryRoute(site: string, { token }: Reader, things: Things): Promise<Seen[]> {
  const rank = ([name, { method }]: [string, ApiRoute]) =>
    last.includes(name) ? 2 + last.indexOf(name) : method === 'GET' ? 0 : 1
  const routes = Object.entries<ApiRoute>(api).sort((a, b) => rank(a) - rank(b))
  const seen: Seen[] = []
  for (const [name, { method, path, body }] of routes) {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
    const sent =
      body && method !== 'GET'
        ? { body: '{}', headers: { ...headers, 'content-type': 'application/json' } }
        : { headers }
    const response = await fetch(site + apiPrefix + withId(path, things), { method, ...sent })
    seen.push(await shown(response, `${name} (${response.status})`))
  }
  const document = await fetch(`${site}/api/openapi.json`)
  return [...seen, await shown(document, 'the OpenAPI document')]
}

function withId(path: string, things: Things): string {
  const kind = /(\w+)\/:id/.exec(path)?.[1]
  if (!kind) return path
  const id = (things as Partial<Record<string, string>>)[kind]
  if (!id) throw new Error(`Cannot call ${path}: the sweep has no id of ${kind}`)
  return path.replace(':id', id)
}

/** An address for each page; a new one in `paths` has to be added here, or the types do not hold. */
const visits: { readonly [P in keyof typeof paths]: (things: Things) => string[] } = {
  home: () => [paths.home()],
  category: () => [paths.category('bikes')],
  search: () => [paths.search(), `${paths.search()}?q=bike`],
  post: ({ posts }) => [paths.post(posts, 'x')],
  sell: () => [paths.sell()],
  edit: ({ posts }) => [paths.edit(posts)],
  photos: ({ posts }) => [paths.photos(posts)],
  preview: ({ posts }) => [paths.preview(posts)],
  media: ({ images }) => [paths.media(images, 320, 'webp')],
  postAction: ({ posts }) => postActions.map(action => paths.postAction(posts, action)),
  myPosts: () => [paths.myPosts()],
  messages: () => [paths.messages()],
  thread: ({ threads }) => [paths.thread(threads)],
  threadAction: ({ threads }) => threadActions.map(action => paths.threadAction(threads, action)),
  writeTo: ({ posts }) => [paths.writeTo(posts)],
  report: ({ posts, messages, accounts }) => [
    paths.report('post', posts),
    paths.report('message', messages),
    paths.report('account', accounts),
  ],
  moderation: () => [paths.moderation(), paths.moderation('na'), paths.moderation('eu'), paths.moderation('ap')],
  decision: ({ reports }) => [paths.decision(reports)],
  account: () => [paths.account()],
  exportArchive: ({ exports }) => [paths.exportArchive(exports)],
  mailSettings: () => [paths.mailSettings()],
  mailLink: () => [paths.mailLink()],
  unsubscribe: () => [paths.unsubscribe()],
  register: () => [paths.register()],
  signIn: () => [paths.signIn()],
  signOut: () => [paths.signOut()],
  verify: () => [paths.verify()],
  resend: () => [paths.resend()],
  forgot: () => [paths.forgot()],
  reset: () => [paths.reset()],
  standAt: () => [paths.standAt()],
}

/** Opens every page that there is. */
export async function openEveryPage(site: string, { token }: Reader, things: Things): Promise<Seen[]> {
  const addresses = [...Object.values(visits).flatMap(visit => visit(things)), '/c', '/no-such-page']
  const headers = token ? { cookie: `session=${token}` } : {}
  const seen: Seen[] = []
  for (const address of addresses) {
    const response = await fetch(site + address, { headers, redirect: 'manual' })
    seen.push(await shown(response, `the page ${address} (${response.status})`))
  }
  return seen
}

/** Each mail to a reader, all that SES was given: every header, every part, every address beside the reader's own. */
export async function readMails(inbox: string, { login }: Reader): Promise<Seen[]> {
  if (!login) return []
  const { emails } = (await (await fetch(`${inbox}/store`)).json()) as {
    emails: { subject: string; destination: object }[]
  }
  return emails
    .filter(({ destination }) => JSON.stringify(destination).includes(login.email))
    .map(mail => ({ what: `the mail "${mail.subject}" to ${login.email}`, text: JSON.stringify(mail) }))
}

/** Every row of every table that is no person's own account: outbox, mails, audit, what is kept of threads and all the rest. */
export async function readTables(data: string, region: string): Promise<Seen[]> {
  const { DATABASE_URL: connectionString } = JSON.parse(
    readFileSync(join(data, 'env', `origin-${region}.json`), 'utf8'),
  )
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(`
      SELECT quote_ident(table_name) AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT IN ('accounts', 'address_changes')`)
    const seen: Seen[] = []
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ text: string }>(
        `SELECT row_to_json(each)::text AS text FROM ${name} AS each`,
      )
      seen.push({ what: `the table ${name} of ${region}`, text: rows.map(row => row.text).join('\n') })
    }
    return seen
  } finally {
    await client.end()
  }
}

/** What the site's own processes have logged. */
export function readLogs(data: string): Seen[] {
  const logs = join(data, 'logs')
  return readdirSync(logs)
    .filter(name => /^(edge|origin|relay|worker|stack)/.test(name))
    .map(name => ({ what: `the log ${name}`, text: readFileSync(join(logs, name), 'utf8') }))
}

async function shown(response: Response, what: string): Promise<Seen> {
  if (response.status >= 500 || response.status === 429)
    throw new Error(`Cannot sweep ${what}: ${await response.text()}`)
  const body = Buffer.from(await response.arrayBuffer())
  const text = response.headers.get('content-type') === 'application/zip' ? textsIn(body) : body.toString()
  return { what, text: JSON.stringify([...response.headers]) + text }
}

/** The files of a ZIP with its sizes in local headers, as ours are written. */
function textsIn(zip: Buffer): string {
  let texts = ''
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const start = at + 30 + zip.readUInt16LE(at + 26)
    const end = start + zip.readUInt32LE(at + 18)
    const bytes = zip.subarray(start, end)
    // Photos are stored as they are (method 0): what a text in them would be is looked for as well.
    const isStored = zip.readUInt16LE(at + 8) === 0
    texts += zip.toString('utf8', at + 30, start) + (isStored ? bytes : inflateRawSync(bytes)).toString('latin1')
    at = end
  }
  return texts
}
