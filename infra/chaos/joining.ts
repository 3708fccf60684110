import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Context } from '../../origin/context.ts'
import { regions as allRegions, type Region } from '../../shared/regions.ts'
import type { Kill } from './killing.ts'
import type { Wish } from './ledger.ts'

/** A line of the result: what was wished for, acknowledged and found, and what should be zero. */
export type Line = { what: string; asked: number; acknowledged: number; found: number; lost: string[]; twice: string[] }
export type Verdict = { lines: Line[]; duplicates: Duplicate[]; breaches: string[] }
/** A mail that reached the inbox more than once, and the kill in whose time it did, if there is one. */
export type Duplicate = { thing: string; copies: number; by: Kill | undefined }

/** What a process that is hit may still have been doing a moment before and after, in milliseconds; the inbox counts in seconds. */
const slack = 2_000
/** A mail that was handed over is left alone for a minute, less what a stopped inbox may have held the first one up for. */
const soonestAgain = 50_000

/** Joins the client's ledger with what the stores of both regions hold. */
export async function join(contexts: Context[], wishes: Wish[], kills: Kill[], data: string): Promise<Verdict> {
  const stores = await Promise.all(contexts.map(readStore))
  const inbox = readInbox(path.join(data, 'mail.ndjson'))
  const posts = joinPosts(stores, of(wishes, 'post'))
  const publications = joinPublications(stores, of(wishes, 'publication'))
  const messages = joinMessages(stores, of(wishes, 'message'))
  const mails = joinMails(stores, inbox, kills)
  const lines = [posts, publications, messages, ...mails.lines, joinNews(stores)]
  const unexplained = mails.duplicates.filter(({ by }) => !by)
  const refused = wishes.filter(({ no, what }) => no !== undefined && !(what === 'message' && no.startsWith('429')))
  const breaches = [
    ...lines.flatMap(({ what, lost }) => (lost.length > 0 ? [`${lost.length} lost: ${what} (${some(lost)})`] : [])),
    ...lines.flatMap(({ what, twice }) =>
      twice.length > 0 ? [`${twice.length} twice: ${what} (${some(twice)})`] : [],
    ),
    ...(unexplained.length > 0
      ? [`${unexplained.length} duplicate mails that no kill explains (${some(unexplained.map(({ thing }) => thing))})`]
      : []),
    ...(refused.length > 0
      ? [`${refused.length} wishes refused that should not be (${some(refused.map(({ key, no }) => `${key}: ${no}`))})`]
      : []),
  ]
  return { lines, duplicates: mails.duplicates, breaches }
}

type Mail = { id: string; kind: string; thing: string; state: string; attempts: number }
type Store = {
  region: Region
  posts: { id: string; title: string; account_id: string; published: boolean }[]
  messages: { text: string; thread_id: string }[]
  threads: { id: string; buyer_id: string; seller_id: string; version: number }[]
  mirrors: Map<string, number>
  mails: Mail[]
}

async function readStore({ db, region }: Context): Promise<Store> {
  const posts = await db.selectFrom('posts').select(['id', 'title', 'account_id', 'published_at']).execute()
  const mirrors = await db.selectFrom('thread_mirrors').select(['thread_id', 'version']).execute()
  const mails = await db.selectFrom('mails').select(['id', 'kind', 'data', 'state', 'attempts']).execute()
  return {
    region,
    posts: posts.map(({ published_at, ...post }) => ({ ...post, published: published_at !== null })),
    messages: await db.selectFrom('messages').select(['text', 'thread_id']).execute(),
    threads: await db.selectFrom('threads').select(['id', 'buyer_id', 'seller_id', 'version']).execute(),
    mirrors: new Map(mirrors.map(({ thread_id, version }) => [thread_id, version])),
    mails: mails.map(({ id, kind, data, state, attempts }) => {
      return { id, kind, state, attempts, thing: `${kind} ${data.threadId ?? data.postId ?? ''}` }
    }),
  }
}

function joinPosts(stores: Store[], wishes: Wish[]): Line {
  const all = stores.flatMap(({ posts }) => posts)
  const byId = new Map(all.map(post => [post.id, post]))
  const byTitle = Map.groupBy(all, ({ title }) => title)
  return {
    what: 'posts made',
    ...counts(wishes),
    found: all.length,
    lost: wishes.filter(({ yes, key }) => yes && byId.get(yes)?.title !== `Chaos ${key}`).map(({ key }) => key),
    twice: [...byTitle].filter(([, same]) => same.length > 1).map(([title]) => title),
  }
}

function joinPublications(stores: Store[], wishes: Wish[]): Line {
  const published = new Set(stores.flatMap(({ posts }) => posts.filter(post => post.published).map(({ id }) => id)))
  const lost = wishes.filter(({ yes, about = '' }) => yes && !published.has(about)).map(({ key }) => key)
  return { what: 'posts published', ...counts(wishes), found: published.size, lost, twice: [] }
}

function joinMessages(stores: Store[], wishes: Wish[]): Line {
  const byText = Map.groupBy(
    stores.flatMap(({ messages }) => messages),
    ({ text }) => text,
  )
  return {
    what: 'messages sent',
    ...counts(wishes),
    found: byText.size,
    lost: wishes.filter(({ yes, key }) => yes && !byText.has(`Message ${key}`)).map(({ key }) => key),
    twice: [...byText].filter(([, same]) => same.length > 1).map(([text]) => text),
  }
}

/** What a seller is to hear of once: each post that was published, each thread that was begun. By home region. */
function joinMails(stores: Store[], inbox: Map<string, number[]>, kills: Kill[]) {
  const duplicates: Duplicate[] = []
  const lines = (['post-published', 'new-message'] as const).map((kind): Line => {
    const line: Line = { what: `mails: ${kind}`, asked: 0, acknowledged: 0, found: 0, lost: [], twice: [] }
    for (const { region, posts, threads, mails } of stores) {
      const things = kind === 'new-message' ? threads : posts.filter(({ published }) => published)
      const rows = Map.groupBy(mails, ({ thing }) => thing)
      for (const { id } of things) {
        const thing = `${kind} ${id}`
        const [mail, another] = rows.get(thing) ?? []
        const copies = inbox.get(thing) ?? []
        line.asked++
        if (mail?.state === 'sent') line.acknowledged++
        if (copies.length > 0) line.found++
        else line.lost.push(thing)
        if (another) line.twice.push(thing)
        if (copies.length > 1)
          duplicates.push({ thing, copies: copies.length, by: explain(region, mail, copies, kills) })
      }
    }
    return line
  })
  return { lines, duplicates }
}

/**
 * A second copy is in order only if the first was sent at a moment when its sender, its inbox or its database was hit, if
 * the row says that it was taken up again because nobody had written down how the first went, and if that came no
 * sooner than a mail in doubt may be touched.
 */
function explain(region: Region, mail: Mail | undefined, copies: number[], kills: Kill[]): Kill | undefined {
  if (!mail || mail.attempts < copies.length) return undefined
  if (copies.some((at, i) => i > 0 && at - (copies[i - 1] ?? 0) < soonestAgain)) return undefined
  const roles = [`worker-${region}`, 'mail', 'postgres']
  const hits = copies
    .slice(0, -1)
    .map(at => kills.find(kill => roles.includes(kill.role) && at >= kill.at - slack && at <= kill.until + slack))
  return hits.every(hit => hit !== undefined) ? hits[0] : undefined
}

/** A buyer hears of a thread in their home region, wherever it is kept; its last version must have arrived. */
function joinNews(stores: Store[]): Line {
  const line: Line = { what: 'threads told to buyers', asked: 0, acknowledged: 0, found: 0, lost: [], twice: [] }
  for (const { threads } of stores) {
    for (const { id, buyer_id, version } of threads) {
      line.asked++
      const home = allRegions.find(region => buyer_id.startsWith(region))
      const known = stores.find(({ region }) => region === home)?.mirrors.get(id)
      if (known === version) line.found++
      else line.lost.push(id)
    }
  }
  line.acknowledged = line.asked
  return line
}

type StoredMail = { at: number; body: { text?: string } }

/** When each thing was mailed, in milliseconds, by the links in the mails. */
function readInbox(file: string): Map<string, number[]> {
  const inbox = new Map<string, number[]>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const mail = parse(line)
    if (!mail) continue
    const text = mail.body.text ?? ''
    const thread = /\/messages\/([a-z]{2}_\w{26})/.exec(text)?.[1]
    const post = /\/p\/([a-z]{2}_\w{26})\//.exec(text)?.[1]
    const thing = thread ? `new-message ${thread}` : `post-published ${post}`
    inbox.set(thing, [...(inbox.get(thing) ?? []), mail.at * 1000])
  }
  return inbox
}

function parse(line: string): StoredMail | undefined {
  try {
    return JSON.parse(line) as StoredMail
  } catch {
    return undefined // half a line of an inbox that was killed: nobody was told yes
  }
}

function of(wishes: Wish[], what: Wish['what']): Wish[] {
  return wishes.filter(wish => wish.what === what)
}

function counts(wishes: Wish[]) {
  return { asked: wishes.length, acknowledged: wishes.filter(({ yes }) => yes !== undefined).length }
}

function some(items: string[]): string {
  return items.slice(0, 3).join(', ') + (items.length > 3 ? ', …' : '')
}
