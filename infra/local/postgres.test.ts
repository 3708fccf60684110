import { chmodSync, existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Region, regions } from '../../shared/regions.ts'
import { emptyDataFolder, openDataFolder } from './data-folder.ts'
import { type Lock, readRun, takeLock } from './lock.ts'
import { choosePorts } from './ports.ts'
import { databaseName, databaseUrl, ensureDatabases, postgresService } from './postgres.ts'
import { waitUntil } from './processes.ts'
import { loadSecrets, type Secrets } from './secrets.ts'
import { createSupervisor, type Service, type Supervisor } from './supervisor.ts'

const base = mkdtempSync(path.join(os.tmpdir(), 'classifyhub postgres '))
const dir = path.join(base, "it's a folder")
let lock: Lock
let supervisor: Supervisor
let service: Service
let secrets: Secrets

beforeAll(async () => {
  chmodSync(base, 0o755)
  openDataFolder(dir)
  lock = await takeLock(dir)
  secrets = loadSecrets(path.join(dir, 'secrets.json'))
  const { postgres } = await choosePorts(path.join(dir, 'ports.json'), ['postgres'])
  supervisor = createSupervisor(lock, dir, () => {})
  service = await postgresService(dir, postgres, secrets, () => {}, AbortSignal.timeout(30_000))
  await supervisor.start(service)
  await ensureDatabases([...regions], service.port, secrets)
}, 60_000)
afterAll(async () => {
  await supervisor?.shutDown(3000)
  lock?.release()
  rmSync(base, { recursive: true, force: true })
})

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(text)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

const urlOf = (region: Region) => databaseUrl(region, service.port, secrets)
const pairs = regions.flatMap(region =>
  regions.filter(other => other !== region).map(other => [region, other] as const),
)

describe('the regions share one server and no data', () => {
  it.each(pairs)('role of %s cannot open the database of %s', async (region, other) => {
    const url = new URL(urlOf(region))
    url.pathname = `/${databaseName(other)}`
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/no pg_hba.conf entry|permission denied for database/)
  })

  it.each([...regions])('role of %s opens neither postgres nor template1', async region => {
    for (const database of ['postgres', 'template1']) {
      const url = new URL(urlOf(region))
      url.pathname = `/${database}`
      await expect(query(url.href, 'SELECT 1')).rejects.toThrow(/no pg_hba.conf entry|permission denied for database/)
    }
  })

  it('would not do so by privilege either, were the access rules looser', async () => {
    const rows = await query(
      urlOf('na'),
      `SELECT rolname, datname FROM pg_roles, pg_database
       WHERE rolname LIKE 'classifyhub%' AND rolname <> datname AND datallowconn AND has_database_privilege(rolname, datname, 'CONNECT')`,
    )
    expect(rows).toEqual([])
  })

  it('a role is no superuser, and its password is asked for', async () => {
    const [row] = await query(
      urlOf('eu'),
      'SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user',
    )
    expect(row).toEqual({ rolsuper: false, rolcreatedb: false, rolcreaterole: false })
    const wrong = new URL(urlOf('eu'))
    wrong.password = 'wrong'
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
  })
})

describe('the cluster', () => {
  it('has the extensions and the locale that migrations count on', async () => {
    await query(
      urlOf('ap'),
      ['cube', 'pg_trgm', 'unaccent', 'citext', 'btree_gin'].map(name => `CREATE EXTENSION ${name}`).join(';'),
    )
    const [row] = await query(urlOf('ap'), "SELECT lower('É') AS lower, 'ÉCOLE' ILIKE 'école' AS ilike")
    expect(row).toEqual({ lower: 'é', ilike: true })
  })

  it('comes back on the same port with its data after SIGKILL', async () => {
    await query(urlOf('na'), 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (42)')
    const before = readRun(dir)?.children[0]?.pid ?? Number.NaN
    process.kill(before, 'SIGKILL')
    expect(
      await waitUntil(async () => readRun(dir)?.children[0]?.pid !== before && (await service.isHealthy()), 20_000),
    ).toBe(true)
    expect(await query(urlOf('na'), 'SELECT n FROM kept')).toEqual([{ n: 42 }])
  }, 30_000)

  it('ensureDatabases changes nothing the second time', async () => {
    await ensureDatabases([...regions], service.port, secrets)
    expect(await query(urlOf('na'), 'SELECT current_database() AS name')).toEqual([{ name: 'classifyhub_na' }])
  })
})

describe.runIf(process.getuid?.() === 0)('under root, below a folder that only root can enter', () => {
  it('the cluster moves where its user can go, says so, and is removed with the folder', async () => {
    const hidden = mkdtempSync(path.join(os.tmpdir(), 'classifyhub hidden '))
    const folder = path.join(hidden, 'data')
    openDataFolder(folder)
    const said: string[] = []
    const moved = await postgresService(
      folder,
      service.port,
      secrets,
      line => said.push(line),
      AbortSignal.timeout(30_000),
    )
    const data = readlinkSync(path.join(folder, 'postgres'))
    expect(said).toEqual([`postgres keeps its data in ${data}: its user cannot enter ${folder}`])
    expect(moved.args).toContain(data)
    expect(existsSync(path.join(data, 'PG_VERSION'))).toBe(true)
    emptyDataFolder(folder)
    expect(existsSync(data)).toBe(false)
    rmSync(hidden, { recursive: true, force: true })
  })
})
