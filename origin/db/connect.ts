import type { PoolClient } from '@neondatabase/serverless'
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import type { Config } from '../config.ts'
import type { Database } from './schema.ts'

type Options = Config['database'] & { onError: (error: Error) => void }

/**
 * Opens the region's database by either driver (architecture, decision 9): `pg` over TCP, or Neon's over WebSockets.
 * Times come back as Date, bigint and numeric as text. Statements end after 8 s, idle transactions after 10 s.
 */
export async function connect(options: Options): Promise<Kysely<Database>> {
  const pool = options.driver === 'neon' ? await neonPool(options) : await pgPool(options)
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}

const limits = { statement_timeout: 8_000, idle_in_transaction_session_timeout: 10_000 }
const setLimits = Object.entries(limits)
  .map(([name, milliseconds]) => `SET ${name} = ${milliseconds}`)
  .join('; ')

async function pgPool({ url, pool: max, onError }: Options): Promise<PostgresPool> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 2_000, ...limits })
  pool.on('error', onError)
  // A connection that is lost between two statements of a transaction tells nobody else, and would end the process.
  pool.on('connect', client => client.on('error', onError))
  return pool
}

async function neonPool({ url, pool: max, wsProxy, onError }: Options): Promise<PostgresPool> {
  const { Pool, neonConfig } = await import('@neondatabase/serverless')
  if (wsProxy) {
    neonConfig.wsProxy = () => `${wsProxy}/v1`
    neonConfig.useSecureWebSocket = false
    neonConfig.pipelineConnect = false
    neonConfig.coalesceWrites = false
  }
  const pool = new Pool({ connectionString: url, max, connectionTimeoutMillis: 2_000 })
  pool.on('error', onError)
  pool.on('connect', (client: PoolClient) => {
    client.on('error', onError)
    // Neon's pooler refuses these as start-up parameters, so they go ahead of the first statement.
    client.query(setLimits).catch(onError)
  })
  return pool as unknown as PostgresPool
}
