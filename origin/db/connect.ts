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

async function pgPool({ url, pool: max, onError }: Options): Promise<PostgresPool> {
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 2_000, ...limits })
  pool.on('error', onError)
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
  return pool as unknown as PostgresPool
}
