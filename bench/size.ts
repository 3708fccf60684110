import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { build, type Rolldown, runnerImport } from 'vite'
import type * as fixturesModule from '../frontend/fixtures.ts'
import type * as renderModule from '../frontend/render.tsx'

/*
 * `npm run size`: what a visitor loads for a category page and for a search with 24 cards and their filters, before images and
 * fonts, in Brotli at quality 11. Every island on the page is counted, whether it is seen at once or not. Exits 1 when over.
 */
const limits = { total: 14_600, js: 8_000 }
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

const files = await buildClient()
const { renderDocument, fixtures } = await loadPages()
const measured = ['category', 'search'].map(measure)
process.exit(measured.includes(false) ? 1 : 0)

/** Prints what a page takes; tells whether that is within the limits. */
function measure(name: string): boolean {
  const html = render(name)
  const scripts = scriptsOf(html)
  const rows = [
    { what: 'HTML', bytes: brotli(html), raw: Buffer.byteLength(html) },
    ...stylesOf(html).map(file => ({ what: file.fileName, bytes: brotli(sourceOf(file)), raw: sourceOf(file).length })),
    ...scripts.map(chunk => ({ what: chunk.fileName, bytes: brotli(chunk.code), raw: chunk.code.length })),
  ]
  const total = sum(rows.map(row => row.bytes))
  const js = sum(scripts.map(chunk => brotli(chunk.code)))
  console.log(`The page "${name}"`)
  for (const { what, bytes, raw } of rows) console.log(line(what, bytes, raw))
  console.log(line('JavaScript', js, limits.js, 'of'))
  console.log(line('Total', total, limits.total, 'of'))
  const over = total >= limits.total || js >= limits.js
  console.log(over ? 'Over the limit.\n' : 'Within the limit.\n')
  return !over
}

async function buildClient(): Promise<(Rolldown.OutputChunk | Rolldown.OutputAsset)[]> {
  const built = await build({ configFile: path('../frontend/vite.config.ts'), build: { write: false } })
  return (Array.isArray(built) ? built : [built]).flatMap(each => ('output' in each ? each.output : []))
}

async function loadPages() {
  const load = async <T>(file: string) => (await runnerImport<T>(path(file))).module
  const { renderDocument } = await load<typeof renderModule>('../frontend/render.tsx')
  return { renderDocument, fixtures: await load<typeof fixturesModule>('../frontend/fixtures.ts') }
}

function render(name: string): string {
  const fixture = fixtures.pages[name]
  const cards =
    fixture && ('posts' in fixture.page ? fixture.page.posts : 'result' in fixture.page && fixture.page.result?.items)
  if (!fixture || !cards || cards.length !== 24)
    throw new Error(`Cannot measure: the fixture "${name}" must have 24 cards`)
  const named = (pattern: RegExp) => `/${files.find(file => pattern.test(file.fileName))?.fileName}`
  const styles = { css: named(/site-.*css$/), searchCss: named(/search-.*css$/), pageCss: named(/pages-.*css$/) }
  return renderDocument({ ...fixtures.shell, ...fixture.shell }, fixture.page, { ...fixtures.assets, ...styles })
}

function stylesOf(page: string) {
  return files.filter(file => page.includes(`<link rel="stylesheet" href="/${file.fileName}"`))
}

/** The entry, the islands that the page names, and whatever those import. */
function scriptsOf(page: string): Rolldown.OutputChunk[] {
  const chunks = files.filter(file => file.type === 'chunk')
  const entry = chunks.find(chunk => chunk.isEntry && chunk.name === 'client')
  if (!entry) throw new Error('Cannot measure: the build has no client entry')
  const named = new Set([...page.matchAll(/data-island="([a-z-]+)"/g)].map(match => match[1] ?? ''))
  const islands = chunks.filter(chunk => [...named].some(name => fileOf(chunk) === name.replaceAll('-', '')))
  const loaded = new Set<Rolldown.OutputChunk>()
  const load = (chunk: Rolldown.OutputChunk | undefined) => {
    if (!chunk || loaded.has(chunk)) return
    loaded.add(chunk)
    for (const name of chunk.imports) load(chunks.find(each => each.fileName === name))
  }
  for (const chunk of [entry, ...islands]) load(chunk)
  return [...loaded]
}

/** "forgetdraft" for islands/forgetDraft.ts. */
function fileOf(chunk: Rolldown.OutputChunk): string | undefined {
  return /islands\/(\w+)\.tsx?$/.exec(chunk.facadeModuleId ?? '')?.[1]?.toLowerCase()
}

function sourceOf(file: Rolldown.OutputChunk | Rolldown.OutputAsset): string {
  return file.type === 'chunk' ? file.code : file.source.toString()
}

function brotli(text: string): number {
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, each) => all + each, 0)
}

function line(what: string, bytes: number, other: number, word = 'raw'): string {
  const number = (value: number) => value.toLocaleString('en').padStart(7)
  return `${what.padEnd(46)}${number(bytes)}  ${word.padEnd(3)} ${number(other)}`
}
