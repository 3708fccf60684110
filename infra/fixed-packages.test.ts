import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8')

/** The thirteen packages that the product is built from, each with the file that uses it, or why it waits. */
const usedBy: Record<string, string> = {
  hono: 'edge/app.ts',
  '@aws-sdk/client-s3': 'origin/adapters/s3.ts',
  '@aws-sdk/client-sesv2': 'origin/adapters/ses.ts',
  '@aws-sdk/client-sqs': 'origin/adapters/sqs.ts',
  '@neondatabase/serverless': 'origin/db/connect.ts',
  '@upstash/redis': 'origin/adapters/redis.ts',
  '@upstash/ratelimit': 'edge/rate-limit.ts',
  jose: 'shared/access-token.ts',
  preact: 'frontend/render.tsx',
  wrangler: 'infra/local/worker-options.ts',
  miniflare: 'infra/local/edge.ts',
  vitest: 'vitest.config.ts',
}
const pending: Record<string, string> = {
  '@opensearch-project/opensearch': 'search',
}

test('each fixed package is a dependency, and used by the file that is named or pending by name', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
  const declared = { ...dependencies, ...devDependencies }
  const all = [...Object.keys(usedBy), ...Object.keys(pending)]
  expect(all).toHaveLength(13)
  for (const name of all) expect(declared, name).toHaveProperty([name])
  for (const [name, file] of Object.entries(usedBy)) {
    expect(read(file), `${file} uses ${name}`).toMatch(new RegExp(`['"]${name}(/[\\w-/]+)?['"]`))
  }
})

test('a package that is used is not listed as pending any more', () => {
  for (const [name, issue] of Object.entries(pending)) {
    const { status, stdout } = spawnSync('git', ['grep', '-lE', `(from|import\\() ?'${name}'`, '--', '*.ts', '*.tsx'], {
      cwd: root,
      encoding: 'utf8',
    })
    expect({ name, waitsFor: issue, files: stdout }).toEqual({ name, waitsFor: issue, files: '' })
    expect(status, 'git grep found nothing').toBe(1)
  }
})
