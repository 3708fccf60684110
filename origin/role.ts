import { createServer } from 'node:http'
import { ConfigError, readConfig } from './config.ts'
import type { Context } from './context.ts'
import { createContext } from './create-context.ts'
import { migrateWhenReady } from './db/migrate.ts'

type Loop = { stop: () => Promise<void> }

/**
 * Runs loops as a process of its own, beside the origin that answers requests: reads the settings, brings the schema up to
 * date, answers `GET /healthz` while it lives, and on SIGTERM or SIGINT lets each loop stop in its own time.
 */
export async function runRole(name: string, start: (ctx: Context) => Promise<Loop[]>): Promise<void> {
  try {
    const config = readConfig(process.env)
    const ctx = await createContext(config)
    await migrateWhenReady(ctx.db)
    const loops = await start(ctx)
    const health = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ ok: true, role: name, region: ctx.region }))
    })
    health.listen(config.port, config.host, () => ctx.log.info({ role: name }, 'the role runs'))
    const stop = async () => {
      await Promise.allSettled(loops.map(loop => loop.stop()))
      process.exit(0)
    }
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error)
    process.exit(1)
  }
}
