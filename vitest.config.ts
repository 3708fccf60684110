import { defineConfig } from 'vitest/config'

/** Files of a suite run two at a time on two cores; each makes its own accounts, databases and ports. */
const common = {
  pool: 'forks',
  testTimeout: 20_000,
  hookTimeout: 60_000,
  exclude: ['**/node_modules/**', 'dist/**'],
} as const
const unit = ['shared/**/*.test.ts', 'frontend/**/*.test.{ts,tsx}', '**/*.unit.test.ts']
/** Tests that need a real OpenSearch: `npm run test:opensearch`. */
const opensearch = '**/*.opensearch.test.ts'
const exclude = [...common.exclude, '**/*.unit.test.ts', opensearch]
/** Tests that need Chromium, but no stack. */
const browser = '**/*.browser.test.ts'

export default defineConfig({
  test: {
    projects: [
      { test: { ...common, name: 'unit', include: unit, exclude: [...common.exclude, browser, 'infra/aws/**'] } },
      { test: { ...common, name: 'pages', include: [browser], exclude, testTimeout: 60_000 } },
      {
        test: {
          ...common,
          name: 'origin',
          include: ['origin/**/*.test.ts'],
          exclude: [...exclude, browser],
          globalSetup: ['origin/testing/postgres.ts'],
          setupFiles: ['origin/testing/setup.ts'],
        },
      },
      { test: { ...common, name: 'edge', include: ['edge/**/*.test.{ts,tsx}'], exclude } },
      {
        test: {
          ...common,
          name: 'local',
          include: ['infra/**/*.test.ts'],
          exclude: [...exclude, 'infra/aws/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...common,
          name: 'opensearch',
          exclude: [...common.exclude],
          include: [opensearch],
          globalSetup: ['infra/local/opensearch/setup.ts', 'origin/testing/postgres.ts'],
          setupFiles: ['origin/testing/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // One node serves all files, and one of them measures how soon a change is found.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude,
          globalSetup: ['e2e/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
