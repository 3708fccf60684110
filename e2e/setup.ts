import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type Stack, startStack } from './running-stack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    stack: Stack
  }
}

/**
 * One stack for all black-box suites: the one on the data folder that E2E_DATA names (`npm start -- --data DIR` keeps
 * running it), else a new one.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const data = process.env.E2E_DATA
  if (data) {
    const facts = JSON.parse(readFileSync(join(data, 'stack.json'), 'utf8')) as Omit<Stack, 'data'>
    project.provide('stack', { ...facts, data })
    return undefined
  }
  const { stack, stop } = await startStack()
  project.provide('stack', stack)
  return stop
}
