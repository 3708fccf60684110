import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { AppError } from '../../shared/errors.ts'
import { isRegion, type Region, regions } from '../../shared/regions.ts'
import { findAccountByEmail } from '../accounts/verified-accounts.ts'
import { ConfigError, readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { createContext } from '../create-context.ts'
import { isStackRunning } from './process-mark.ts'

/** What is wrong with a command, in words for whoever typed it. */
export class UsageError extends Error {}

/** What every command takes, for `parseArgs`. */
export const stackOptions = { data: { type: 'string' }, region: { type: 'string' } } as const

/**
 * Opens a region (`--region`, `na` by default) of the stack that runs on a data folder (`--data`, `.data` by default) or,
 * where REGION is set and no folder is named, the region that the environment describes, as in production.
 * Close it with `ctx.db.destroy()`.
 * @param argv the command's arguments; others than these two are passed over
 * @throws UsageError when no stack runs there or it has no such region
 */
export async function stackContext(argv: string[], region?: Region): Promise<Context> {
  const asked = parse(argv)
  const name = region ?? asked.region
  const env = isProduction(asked.data) ? process.env : readStackEnv(asked.data ?? '.data', name ?? regions[0])
  if (name !== undefined && env.REGION !== name) {
    throw new UsageError(`Cannot act on region "${name}": the environment describes "${env.REGION}"`)
  }
  if (!isProduction(asked.data)) lendCredentials(env)
  const config = readConfig({
    LOG_LEVEL: 'warn',
    DATABASE_POOL: '4',
    ...env,
    ...(!isProduction(asked.data) && { LOG_LEVEL: 'warn' }),
  })
  const ctx = await createContext(config)
  try {
    await sql`SELECT 1`.execute(ctx.db)
  } catch (cause) {
    await ctx.db.destroy()
    if (!isProduction(asked.data)) throw new UsageError(noStack(asked.data ?? '.data'))
    throw new UsageError(`Cannot reach the database of region "${config.region}": ${(cause as Error).message}`)
  }
  return ctx
}

/**
 * Opens the region that holds an account, so that nobody has to know it: the one named, else whichever of the stack does.
 * Without an address, or where no region has it, the same as `stackContext`.
 */
export async function accountContext(argv: string[], email: string | undefined): Promise<Context> {
  if (email !== undefined && parse(argv).region === undefined) {
    for (const region of stackRegions(argv)) {
      const ctx = await stackContext(argv, region)
      if (await findAccountByEmail(ctx, email)) return ctx
      await ctx.db.destroy()
    }
    throw new UsageError(`Cannot act as ${email}: there is no such account in any region that runs here`)
  }
  return stackContext(argv)
}

/** The regions of the stack that the arguments name; the one of the environment in production. @throws UsageError */
export function stackRegions(argv: string[]): Region[] {
  const { data } = parse(argv)
  if (isProduction(data)) return [process.env.REGION].filter(isRegion)
  return listRegions(data ?? '.data')
}

/** Runs a command line: a fault of whoever typed it is told in one line with exit code 1, any other keeps its trace. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    console.error(isTheirs(error) ? messageOf(error) : error)
    process.exitCode = 1
  }
}

function parse(argv: string[]): { data?: string; region?: string } {
  const { values } = parseArgs({ args: argv, options: stackOptions, strict: false, allowPositionals: true })
  return {
    ...(typeof values.data === 'string' && { data: values.data }),
    ...(typeof values.region === 'string' && { region: values.region }),
  }
}

function isProduction(data: string | undefined): boolean {
  return data === undefined && process.env.REGION !== undefined
}

/** The settings are there before `stack.json`: the stack loads its demo data with our commands before it is ready. */
function readStackEnv(data: string, region: string): Record<string, string> {
  const known = listRegions(data)
  if (!known.some(one => one === region)) {
    throw new UsageError(`Cannot act on region "${region}": the stack on ${data} runs ${known.join(', ')}`)
  }
  return JSON.parse(readFileSync(join(data, 'env', `origin-${region}.json`), 'utf8')) as Record<string, string>
}

/** The AWS clients look for credentials in the process's environment only; those of a local stack open nothing else. */
function lendCredentials(env: Record<string, string | undefined>): void {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) if (env[name]) process.env[name] = env[name]
}

function listRegions(data: string): Region[] {
  if (!isStackRunning(data)) throw new UsageError(noStack(data))
  const folder = join(data, 'env')
  const known = regions.filter(region => existsSync(join(folder, `origin-${region}.json`)))
  if (known.length === 0) throw new UsageError(noStack(data))
  return known
}

function noStack(data: string): string {
  return `No stack runs on ${data}. Start it with: npm start${data === '.data' ? '' : ` -- --data ${data}`}`
}

function isTheirs(error: unknown): error is Error {
  if (error instanceof UsageError || error instanceof ConfigError) return true
  if (error instanceof AppError) return error.status < 500 || error.code === 'service_unavailable'
  return error instanceof TypeError && String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')
}

function messageOf(error: Error): string {
  if (!(error instanceof AppError)) return error.message
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
  return [error.message + cause, ...(error.errors ?? []).map(({ field, message }) => `  ${field} ${message}`)].join(
    '\n',
  )
}
