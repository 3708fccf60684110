import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8')

/** The thirteen packages that the product is built from, each with the file that uses it. */
const usedBy = {
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
  '@opensearch-project/opensearch': 'origin/adapters/opensearch.ts',
}

test('each fixed package is a dependency, and used by the file that is named', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
  const declared = { ...dependencies, ...devDependencies }
  expect(Object.keys(usedBy)).toHaveLength(13)
  for (const [name, file] of Object.entries(usedBy)) {
    expect(declared, name).toHaveProperty([name])
    expect(read(file), `${file} uses ${name}`).toMatch(new RegExp(`['"]${name}(/[\\w-/]+)?['"]`))
  }
})
