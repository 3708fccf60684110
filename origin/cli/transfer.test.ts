import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { selectPosts } from '../posts/rows.ts'
import { type CommandLine, createCommandLine } from '../testing/cli.ts'
import { createTestOrigin, createTestWorld, type TestOrigin } from '../testing/harness.ts'
import { createTestPost } from '../testing/posts.ts'

const ads = Array.from({ length: 300 }, (_, i) => ({
  id: `ad-${i}`,
  category: 'bike',
  title: `Road bike ${i}`,
  description: 'Steel frame.',
  price: 100 + i,
}))

let origin: TestOrigin
let shell: CommandLine

beforeAll(async () => {
  origin = await createTestOrigin()
  shell = createCommandLine(origin)
})
afterAll(() => shell.close())

describe('import', () => {
  it('loads ads into an account made for imports, and finds them there the second time', async () => {
    const file = fileOf('ads.ndjson', ads)
    const first = await shell.run('import', file)
    expect(first.code).toBe(0)
    // A slow machine is shown progress there; a fault would name its line.
    expect(first.err).not.toMatch(/line \d+:/)
    expect(first.out).toContain('300 lines: 300 new, 0 changed, 0 there already, 0 bad')
    expect(first.out).toMatch(/\d+ posts\/s, \d+ MB at most/)
    expect((await shell.run('import', file)).out).toContain('300 lines: 0 new, 0 changed, 300 there already, 0 bad')
    const mine = selectPosts(origin.ctx.db).where('accounts.email', '=', 'import@na.classifyhub.example')
    const rows = await mine.execute()
    expect(rows).toHaveLength(300)
    expect(rows[0]?.seller_name).toBe('Imported ads')
  })

  it('names each bad line, loads the others, and ends with 1', async () => {
    const seller = await origin.createAccount()
    const file = join(shell.data, 'bad.ndjson')
    writeFileSync(file, `${JSON.stringify(ads[0])}\nnonsense\n\n${JSON.stringify({ ...ads[1], title: '' })}\n`)
    const { code, out, err } = await shell.run('import', file, '--as', seller.email)
    expect(code).toBe(1)
    expect(out).toContain('3 lines: 1 new, 0 changed, 0 there already, 2 bad')
    expect(err).toContain('line 2: is not a JSON object')
    expect(err).toContain('line 4: title must have at least 2 characters')
    const own = await origin.request('GET', '/me/posts', { token: seller.token })
    expect(own.body.items).toMatchObject([{ externalId: 'ad-0', status: 'active' }])
  })

  it('names what is wrong with the command, with exit code 1 and no trace', async () => {
    const file = fileOf('one.ndjson', ads.slice(0, 1))
    const faults: [string[], string][] = [
      [[], 'Usage'],
      [[join(shell.data, 'nothing.ndjson')], 'there is no such file'],
      [[shell.data], 'it is a folder'],
      [[file, '--as', 'nobody@example.com'], 'no such account'],
      [[file, '--region', 'eu'], 'region "eu"'],
      [[file, '--data', join(shell.data, 'nothing here')], 'No stack runs on'],
    ]
    for (const [args, expected] of faults) {
      const { code, err } = await shell.run('import', ...args)
      expect({ args, code }).toEqual({ args, code: 1 })
      expect(err).toContain(expected)
      expect(err).not.toContain('    at ')
    }
  })
})

describe('--as an account of another region than the first', () => {
  it('finds the region that holds it, and keeps to the one that is named', async () => {
    const { na, eu } = await createTestWorld(['na', 'eu'])
    const both = createCommandLine(na, eu)
    onTestFinished(both.close)
    const [seller, other] = [await eu.createAccount(), await eu.createAccount()]
    await createTestPost(eu, seller)
    const { out } = await both.run('export', '--as', seller.email)
    expect(out.trim().split('\n')).toHaveLength(1)
    const file = join(both.data, 'from-eu.ndjson')
    writeFileSync(file, out)
    expect((await both.run('import', file, '--as', other.email)).out).toContain('1 lines: 1 new')
    expect((await eu.request('GET', '/me/posts', { token: other.token })).body.items).toHaveLength(1)
    const [elsewhere, nobody] = await Promise.all([
      both.run('export', '--as', seller.email, '--region', 'na'),
      both.run('import', file, '--as', 'nobody@example.com'),
    ])
    expect(elsewhere.err).toContain('region "na" has no such account')
    expect(nobody.err).toContain('no such account in any region')
  }, 60_000)
})

describe('export', () => {
  it('writes one account’s posts to standard output, as lines that an import reads', async () => {
    const [seller, other] = [await origin.createAccount(), await origin.createAccount()]
    for (const status of ['draft', 'active', 'sold'] as const) await createTestPost(origin, seller, status)
    const { code, out, err } = await shell.run('export', '--as', seller.email)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const records = out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(records.map(record => record.status)).toEqual(['draft', 'active', 'sold'])
    const file = join(shell.data, 'back.ndjson')
    writeFileSync(file, out)
    expect((await shell.run('import', file, '--as', other.email)).out).toContain('3 lines: 3 new')
    expect((await shell.run('export', '--as', other.email)).out).toBe(out)
  })

  it('writes to a file that only its owner can read', async () => {
    const seller = await origin.createAccount()
    await createTestPost(origin, seller)
    const file = join(shell.data, 'mine.ndjson')
    expect(await shell.run('export', '--as', seller.email, '--out', file)).toMatchObject({ code: 0, out: '', err: '' })
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1)
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0)
  })
})

function fileOf(name: string, values: readonly object[]): string {
  const file = join(shell.data, name)
  writeFileSync(file, values.map(value => `${JSON.stringify(value)}\n`).join(''))
  return file
}
