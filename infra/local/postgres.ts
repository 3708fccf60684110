import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { isAlive } from '../../origin/cli/process-mark.ts'
import type { Region } from '../../shared/regions.ts'
import { type PostgresHome, preparePostgresHome, runAs } from './postgres-home.ts'
import type { Secrets } from './secrets.ts'
import type { Service } from './supervisor.ts'

const SUPERUSER = 'postgres'

/** Name of a region's database and of the role that owns it. */
export function databaseName(region: Region): string {
  return `classifyhub_${region}`
}

/** URL by which a region's origin reaches its own database, and no other. */
export function databaseUrl(region: Region, port: number, secrets: Secrets): string {
  const name = databaseName(region)
  return `postgresql://${name}:${secrets.databasePasswords[region]}@127.0.0.1:${port}/${name}`
}

/**
 * The embedded PostgreSQL: its binaries are spawned here and not through `EmbeddedPostgres`, which leaves no way to heal a killed one.
 * @param dir data folder of the stack; the cluster lies in `postgres` below it
 * @param say told what the person should know about where the data lies
 * @param signal ends the making of a new cluster
 */
export async function postgresService(
  dir: string,
  port: number,
  secrets: Secrets,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Service> {
  const home = await preparePostgresHome(path.join(dir, 'postgres'), say)
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC', ...windowsEnv() }
  if (!existsSync(path.join(home.data, 'PG_VERSION'))) await initialise(home, secrets.postgresPassword, env, signal)
  return {
    name: 'postgres',
    port,
    command: home.binary('postgres'),
    args: ['-D', home.data, ...settings(port)],
    env,
    cwd: home.data,
    user: home.user,
    stopSignal: 'SIGINT', // "fast shutdown": ends sessions, writes a checkpoint
    prepare() {
      writeFileSync(path.join(home.data, 'pg_hba.conf'), ACCESS_RULES)
      removeStalePidFile(home.data)
    },
    isHealthy: () => answersQuery(port, secrets),
  }
}

/** Makes the database and the role of each region where they are missing, and shuts every other role out. Safe to repeat. */
export async function ensureDatabases(regions: Region[], port: number, secrets: Secrets): Promise<void> {
  const client = superuser(port, secrets)
  await client.connect()
  try {
    await client.query(`REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC`)
    for (const region of regions) {
      const name = client.escapeIdentifier(databaseName(region))
      const password = client.escapeLiteral(secrets.databasePasswords[region])
      const { rowCount: hasRole } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [
        databaseName(region),
      ])
      await client.query(
        `${hasRole ? 'ALTER' : 'CREATE'} ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${password}`,
      )
      const { rowCount: hasDatabase } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
        databaseName(region),
      ])
      if (!hasDatabase) await client.query(`CREATE DATABASE ${name} OWNER ${name}`)
      await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`)
    }
  } finally {
    await client.end()
  }
}

// A role opens the database of its own name and nothing else; TCP from this machine is the only way in.
const ACCESS_RULES = `# Written at each start of the local stack.
host  all       ${SUPERUSER}  127.0.0.1/32  scram-sha-256
host  sameuser  all       127.0.0.1/32  scram-sha-256
`

function settings(port: number): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: '128MB',
    effective_cache_size: '512MB',
    max_wal_size: '512MB',
    random_page_cost: 1.1,
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%u@%d ',
    log_min_duration_statement: 1000,
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

// Made beside its place and then moved there: a cluster that is there is whole, whatever stopped an earlier start.
async function initialise(
  home: PostgresHome,
  password: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const fresh = `${home.data}.${randomBytes(6).toString('hex')}`
  const passwordFile = `${fresh}.pw`
  home.writeForUser(passwordFile, `${password}\n`)
  home.makeFolder(fresh)
  // Plain C breaks lower('É'), ILIKE and tsvector; the builtin provider needs no locale of the system.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const access = ['--auth=scram-sha-256', `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`]
  try {
    await runAs(home, 'initdb', [`--pgdata=${fresh}`, ...locale, ...access, '--no-instructions'], {
      env,
      cwd: fresh,
      signal,
    })
    rmSync(home.data, { recursive: true, force: true })
    renameSync(fresh, home.data)
  } finally {
    rmSync(passwordFile, { force: true })
    rmSync(fresh, { recursive: true, force: true, maxRetries: 3 })
  }
}

// postgres refuses to start while the pid in its file is alive, be it a stranger's. Ours is dead by now: the lock saw to it.
function removeStalePidFile(data: string) {
  const file = path.join(data, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  if (!isAlive(pid) || !isPostgres(pid)) rmSync(file, { force: true })
}

function isPostgres(pid: number): boolean {
  if (process.platform !== 'linux') return true
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres')
  } catch {
    return false
  }
}

function superuser(port: number, secrets: Secrets): pg.Client {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: secrets.postgresPassword,
    database: 'postgres',
    connectionTimeoutMillis: 2000,
  })
  client.on('error', () => {}) // a dropped connection is told by the query that waits on it
  return client
}

async function answersQuery(port: number, secrets: Secrets): Promise<boolean> {
  const client = superuser(port, secrets)
  try {
    await client.connect()
    await client.query('SELECT 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

function windowsEnv(): Record<string, string> {
  return process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot ?? '' } : {}
}
