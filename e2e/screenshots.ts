import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { launchChromium } from './browser/chromium.ts'
import type { Stack } from './running-stack.ts'

/**
 * Takes a picture of every page of a running stack, for people to look at:
 * `npm run screenshots -- --data DIR --out FOLDER [--only home,post]` in 390 and 1280 pixels, light and dark.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: '.data' },
    out: { type: 'string' },
    only: { type: 'string' },
    widths: { type: 'string', default: '390,1280' },
  },
})
if (!values.out) {
  console.error('Usage: npm run screenshots -- --out FOLDER [--data DIR] [--only home,post] [--widths 390,1280]')
  process.exit(2)
}
const out = resolve(values.out)
const only = values.only?.split(',')
const stack = readStack(values.data)
mkdirSync(out, { recursive: true })

const browser = await launchChromium()
const postPath = await findPost()
const threadPath = await findThread()
const draft = { some: await findDraft('With photos', 3), none: await findDraft('Without photos', 0) }
const signedOut: [string, string][] = [
  ['home', '/?from=US'],
  ['category', '/c/furniture'],
  ['category-empty', '/c/furniture?min=999999'],
  ['all', '/c'],
  ['search', '/search?q=bike'],
  ['search-filtered', '/search?q=bike&category=bicycles&condition=good&max=900'],
  ['search-none', '/search?q=bike&max=1'],
  ['search-errors', '/search?q=bike&min=abc'],
  ['post', postPath],
  ['register', '/register'],
  ['sign-in', '/sign-in'],
  ['forgot', '/forgot'],
  ['reset', '/reset?token=na_x'],
  ['verify', '/verify?token=na_x'],
  ['resend', '/verify/resend'],
  ['sell-signed-out', '/sell'],
  ['not-found', '/nowhere'],
  ['gone', '/p/na_0000000000000000000000000a/x'],
]
const signedIn: [string, string][] = [
  ['home-signed-in', '/'],
  ['sell-category', '/sell'],
  ['sell-form', '/sell?category=cars'],
  ['my-posts', '/me/posts'],
  ['photos', `/posts/${draft.some}/photos`],
  ['photos-none', `/posts/${draft.none}/photos`],
  ['preview', `/posts/${draft.some}/preview`],
  ['account', '/me'],
  ['post-signed-in', postPath],
  ['messages', '/messages'],
  ['thread', threadPath],
  ['report', `/report/post/${postPath.split('/')[2]}?next=${postPath}`],
]
const asModerator: [string, string][] = [['moderation', '/moderation']]
for (const width of values.widths.split(',').map(Number)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      viewport: { width, height: width < 600 ? 844 : 900 },
      colorScheme,
      deviceScaleFactor: width < 600 ? 2 : 1,
    })
    const page = await context.newPage()
    for (const [name, path] of signedOut) await shoot(page, name, path, `${width}-${colorScheme}`)
    await signIn(page)
    for (const [name, path] of signedIn) await shoot(page, name, path, `${width}-${colorScheme}`)
    await page.context().clearCookies()
    await signIn(page, 'moderator')
    for (const [name, path] of asModerator) await shoot(page, name, path, `${width}-${colorScheme}`)
    await context.close()
  }
}
await browser.close()
console.log(`Pictures are in ${out}`)

async function shoot(page: Page, name: string, path: string, suffix: string): Promise<void> {
  if (only && !only.includes(name)) return
  await page.goto(stack.site + path, { waitUntil: 'networkidle' })
  await page.screenshot({ path: join(out, `${name}-${suffix}.png`), fullPage: name !== 'category' })
}

async function signIn(page: Page, role?: string): Promise<void> {
  const login = role ? stack.logins.find(each => each.role === role) : seller()
  await page.goto(`${stack.site}/sign-in`)
  await page.fill('main [name=email]', login?.email ?? '')
  await page.fill('main [name=password]', login?.password ?? '')
  await Promise.all([page.waitForNavigation(), page.press('main [name=password]', 'Enter')])
}

/** A conversation of the signed-in seller: the newest there is, else one that a buyer overseas begins now. */
async function findThread(): Promise<string> {
  const token = await tokenOf(seller())
  const { items } = await call<{ items: { id: string }[] }>('GET', '/threads?limit=1', token)
  if (items[0]) return `/messages/${items[0].id}`
  const posts = await call<{ items: { id: string }[] }>('GET', '/me/posts?status=active&limit=1', token)
  const buyer = await tokenOf(stack.logins.find(each => each.region === 'eu' && each.role === 'member'))
  const text = 'Hello, is it still available?\nI could collect it on Saturday.'
  const thread = await call<{ id: string }>('POST', `/posts/${posts.items[0]?.id}/messages`, buyer, { text })
  await call('POST', `/threads/${thread.id}/messages`, token, { text: 'It is. Saturday after ten is fine.' })
  await call('POST', `/posts/${posts.items[0]?.id}/reports`, buyer, { reason: 'other', text: 'Only to have a look.' })
  return `/messages/${thread.id}`
}

/** A draft of the signed-in seller by its title with so many photos: the one of the last run, else a new one. */
async function findDraft(title: string, photos: number): Promise<string> {
  const token = await tokenOf(seller())
  const { items } = await call<{ items: { id: string; title: string }[] }>('GET', '/me/posts?status=draft', token)
  const known = items.find(post => post.title === title)
  if (known) return known.id
  const location = { country: 'US', subdivision: 'US-NY', city: 'Brooklyn', lat: 40.65, lon: -73.95 }
  const body = { title, category: 'bicycles', priceKind: 'free', location }
  const { id } = await call<{ id: string }>('POST', '/posts', token, body)
  for (let index = 0; index < photos; index++) {
    const create = { width: 1200, height: 900, channels: 3, background: { r: 60 * index, g: 120, b: 110 } } as const
    const form = new FormData()
    const bytes = new Uint8Array(await sharp({ create }).jpeg().toBuffer())
    form.set('file', new Blob([bytes], { type: 'image/jpeg' }), 'bike.jpg')
    await fetch(`${stack.site}/api/v1/posts/${id}/images/file`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: form,
    })
  }
  return id
}

function seller() {
  return stack.logins.find(each => each.region === 'na' && each.role === 'member')
}

async function tokenOf(login: { email: string; password: string } | undefined): Promise<string> {
  const body = { email: login?.email, password: login?.password }
  return (await call<{ accessToken: string }>('POST', '/sessions', undefined, body)).accessToken
}

async function call<T>(method: string, path: string, token?: string, body?: object): Promise<T> {
  const response = await fetch(`${stack.site}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return (await response.json()) as T
}

async function findPost(): Promise<string> {
  const response = await fetch(`${stack.site}/api/v1/posts?region=na&limit=1&category=vehicles`)
  const { items } = (await response.json()) as { items: { id: string }[] }
  return `/p/${items[0]?.id}/x`
}

function readStack(data: string): Omit<Stack, 'data'> {
  try {
    return JSON.parse(readFileSync(join(data, 'stack.json'), 'utf8')) as Omit<Stack, 'data'>
  } catch {
    console.error(`No stack runs on ${data}. Start it with: npm start -- --data ${data}`)
    process.exit(1)
  }
}
