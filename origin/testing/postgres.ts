import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { choosePorts } from '../../infra/local/ports.ts'
import { postgresService } from '../../infra/local/postgres.ts'
import { removeCluster } from '../../infra/local/postgres-home.ts'
import { loadSecrets } from '../../infra/local/secrets.ts'
import { connect } from '../db/connect.ts'
import { migrate } from '../db/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the test cluster's `postgres` database, as superuser. */
    postgresUrl: string
  }
}

/** The database that every test file's own is a copy of. */
export const templateName = 'classifyhub_template'

/** Starts one real Postgres for a whole run of Vitest and migrates a template; what is returned stops and removes it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'classifyhub-pg-'))
  chmodSync(folder, 0o755) // under root another user runs postgres and must reach its data
  const secrets = loadSecrets(join(folder, 'secrets.json'))
  const { postgres: port } = await choosePorts(join(folder, 'ports.json'), ['postgres'])
  const service = await postgresService(folder, port, secrets, () => {}, AbortSignal.timeout(60_000))
  service.prepare?.()
  const careless = ['fsync', 'synchronous_commit', 'full_page_writes'].flatMap(name => ['-c', `${name}=off`])
  const server = spawn(service.command, [...service.args, ...careless], {
    cwd: service.cwd,
    env: service.env,
    stdio: 'ignore',
    ...service.user,
  })
  const abandon = () => server.kill('SIGQUIT') // Vitest was interrupted and tears nothing down
  process.once('exit', abandon)
  const stop = async () => {
    process.off('exit', abandon)
    await end(server)
    removeCluster(join(folder, 'postgres'))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await until(service.isHealthy, server)
    const url = `postgresql://postgres:${secrets.postgresPassword}@127.0.0.1:${port}/postgres`
    await makeTemplate(url)
    project.provide('postgresUrl', url)
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

/** Makes an empty, migrated database in some tens of milliseconds. @returns its URL */
export async function createDatabase(postgresUrl: string): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  await runAlone(postgresUrl, `CREATE DATABASE ${name} TEMPLATE ${templateName}`)
  return urlOf(postgresUrl, name)
}

async function makeTemplate(postgresUrl: string): Promise<void> {
  await runAlone(postgresUrl, `CREATE DATABASE ${templateName}`)
  const url = urlOf(postgresUrl, templateName)
  const db = await connect({ url, driver: 'pg', wsProxy: undefined, pool: 2, onError() {} })
  await migrate(db)
  await db.destroy()
}

function urlOf(postgresUrl: string, database: string): string {
  const url = new URL(postgresUrl)
  url.pathname = `/${database}`
  return url.href
}

async function runAlone(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function until(isHealthy: () => Promise<boolean>, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (server.exitCode !== null)
      throw new Error(`Cannot start Postgres for the tests: it ended with ${server.exitCode}`)
    if (await isHealthy()) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('Cannot start Postgres for the tests: it does not answer after 15 s')
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise(resolve => server.once('exit', resolve))
  server.kill('SIGINT')
  await ended
}
