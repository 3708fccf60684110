import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { startMark } from '../cli/process-mark.ts'
import { testKeys } from './aws-keys.ts'
import type { TestOrigin } from './harness.ts'

// Each command is a process of its own, and a test runs several: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 })

export type CommandLine = {
  /** A folder that looks like the data folder of a stack that runs; its path holds spaces. */
  data: string
  /** Runs `origin/cli/<command>.ts` on that folder, unless the arguments name another. */
  run: (command: string, ...args: string[]) => Promise<{ code: number; out: string; err: string }>
  close: () => void
}

/** Gives a command line on the stack of one test origin, or of several. */
export function createCommandLine(...origins: TestOrigin[]): CommandLine {
  const data = mkdtempSync(join(tmpdir(), 'classifyhub cli '))
  mkdirSync(join(data, 'env'))
  for (const origin of origins) {
    writeFileSync(join(data, 'env', `origin-${origin.region}.json`), JSON.stringify(envOf(origin)))
  }
  writeFileSync(join(data, 'run.json'), JSON.stringify({ pid: process.pid, start: startMark(process.pid) }))
  return {
    data,
    run: (command, ...args) => runCommandLine(command, ['--data', data, ...args]),
    close: () => rmSync(data, { recursive: true }),
  }
}

function envOf({ region, ctx: { config } }: TestOrigin): Record<string, string> {
  return {
    REGION: region,
    SITE_URL: config.siteUrl,
    DATABASE_URL: config.database.url,
    SHARED_REDIS_URL: config.redis.shared.url,
    SHARED_REDIS_TOKEN: config.redis.shared.token,
    REGION_REDIS_URL: config.redis.region.url,
    REGION_REDIS_TOKEN: config.redis.region.token,
    EDGE_KEY: config.keys.edge,
    DIRECTORY_KEY: config.keys.directory,
    REGION_KEY: config.keys.region,
    AWS_REGION: config.aws.region,
    S3_BUCKET: config.aws.bucket,
    SQS_QUEUE_PREFIX: config.aws.queuePrefix,
    PEER_QUEUES: JSON.stringify(config.aws.peerQueues),
    ...(config.aws.sqsEndpoint && { SQS_ENDPOINT: config.aws.sqsEndpoint }),
    ...(config.openSearchUrl && { OPENSEARCH_URL: config.openSearchUrl }),
    AWS_ACCESS_KEY_ID: testKeys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: testKeys.secretAccessKey,
    MAIL_FROM: config.mail.from,
  }
}

function runCommandLine(command: string, args: string[]): Promise<{ code: number; out: string; err: string }> {
  const file = fileURLToPath(new URL(`../cli/${command}.ts`, import.meta.url))
  const { REGION: _, ...env } = process.env
  return new Promise(resolve => {
    execFile(process.execPath, [file, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err })
    })
  })
}
