import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Browser, Page as BrowserPage } from 'playwright-core'
import sharp from 'sharp'
import { build, type Rolldown } from 'vite'
import { launchChromium } from '../../e2e/browser/chromium.ts'
import { pages, shell } from '../fixtures.ts'
import type { Assets, Page } from '../page-model.ts'
import { renderDocument } from '../render.tsx'

/** Our own policy; on this site the bucket, where files are sent, is the site itself. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; trusted-types classifyhub"
const types = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml', woff2: 'font/woff2' }

export type Asked = { method: string; path: string; body: Buffer }
/** Answers a request of the API; undefined leaves it to the next one, `drop` closes the connection. */
export type Answer = (asked: Asked) => Given | Promise<Given> | undefined
type Given = { status?: number; body?: unknown } | 'drop'

export type FixtureSite = Awaited<ReturnType<typeof startSite>>

/** Builds the client and serves every page of the fixtures by its name under our policy, in a real browser. */
export async function startSite() {
  const files = await buildFiles()
  const assets = assetsOf([...files.keys()])
  const answers: Answer[] = []
  const said: string[] = []
  const made = new Map<string, (query: URLSearchParams) => Page>()
  const server = createServer(async (request, response) => {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://x')
    const own = made.get(pathname)
    const fixture = own ? { page: own(searchParams), shell: { path: pathname + search } } : pages[pathname.slice(1)]
    if (fixture && request.method === 'GET') {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('content-security-policy', policy)
      return response.end(renderDocument({ ...shell, ...fixture.shell }, fixture.page, assets))
    }
    if (pathname.startsWith('/media/')) return response.end(await drawPhoto(pathname))
    if (pathname.startsWith('/api/') || request.method === 'POST') return answer(answers, request, response)
    response.setHeader('content-type', types[pathname.split('.').pop() as keyof typeof types] ?? 'text/plain')
    return response.end(files.get(pathname) ?? '')
  })
  await new Promise<void>(resolve => server.listen(0, resolve))
  const browser: Browser = await launchChromium()
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    /** The latest is asked first. */
    on: (handle: Answer) => void answers.unshift(handle),
    /** Has a page made for each request of a path. */
    serve: (path: string, page: (query: URLSearchParams) => Page) => void made.set(path, page),
    /** What pages said on the console, and what they threw. */
    said,
    async open(width: number, options: object = {}): Promise<BrowserPage> {
      const context = await browser.newContext({ viewport: { width, height: 844 }, ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(5_000)
      page.on('console', message => {
        if (message.type() === 'error' || message.type() === 'warning') said.push(`${page.url()} ${message.text()}`)
      })
      page.on('pageerror', error => said.push(`${page.url()} ${error.message}`))
      return page
    },
    async stop() {
      await browser.close()
      server.close()
    },
  }
}

async function buildFiles(): Promise<Map<string, string | Uint8Array>> {
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
  const built = (await build({ configFile, build: { write: false } })) as Rolldown.RolldownOutput
  return new Map(built.output.map(file => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]))
}

async function answer(answers: Answer[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { pathname: path } = new URL(request.url ?? '/', 'http://x')
  const asked = { method: request.method ?? '', path, body: Buffer.concat(chunks) }
  const found = (await firstAnswer(answers, asked)) ?? { status: 404 }
  if (found === 'drop') return void request.socket.destroy()
  const { status = found.body === undefined ? 204 : 200, body } = found
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(body === undefined ? undefined : JSON.stringify(body))
}

/** Asks one after the other, so that only one of them acts. */
function firstAnswer(answers: Answer[], asked: Asked): ReturnType<Answer> {
  for (const handle of answers) {
    const given = handle(asked)
    if (given !== undefined) return given
  }
  return undefined
}

/** A photo in the size and format of its address, light above and dark below. */
function drawPhoto(pathname: string): Promise<Buffer> {
  const [, step = '320', format = 'jpg'] = /(\d+)\.(\w+)$/.exec(pathname) ?? []
  const width = Number(step)
  const create = { width, height: Math.round(width / 2), channels: 3, background: '#c9b08a' } as const
  return sharp({ create })
    .extend({ bottom: Math.round(width / 4), background: '#2b1d00' })
    .toFormat(format === 'webp' ? 'webp' : 'jpeg')
    .toBuffer()
}

function assetsOf(names: string[]): Assets {
  const find = (pattern: RegExp) => names.find(name => pattern.test(name)) ?? ''
  return {
    css: find(/site-.*css/),
    homeCss: find(/home-.*css/),
    searchCss: find(/search-.*css/),
    pageCss: find(/pages-.*css/),
    js: find(/client-.*js/),
    font: find(/woff2/),
    icons: find(/icons-/),
  }
}
