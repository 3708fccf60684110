import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../testing/cli.ts'
import { createTestOrigin } from '../testing/harness.ts'

let line: CommandLine
beforeAll(async () => {
  line = createCommandLine(await createTestOrigin())
})
afterAll(() => line.close())

it('says that there is no index where Postgres searches', async () => {
  const { code, err } = await line.run('search', 'reindex')
  expect(code).toBe(1)
  expect(err).toBe('Cannot work on the search index of "na": OPENSEARCH_URL is not set, Postgres searches\n')
})
