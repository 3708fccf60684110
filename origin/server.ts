import { fillDirectory, startDirectoryCheck } from './accounts/directory-fill.ts'
import { ensureSigningKeys } from './accounts/signing-keys.ts'
import { createApp } from './app.ts'
import { ConfigError, readConfig } from './config.ts'
import { createContext } from './create-context.ts'
import { migrateWhenReady } from './db/migrate.ts'
import { listen } from './listen.ts'

try {
  const config = readConfig(process.env)
  const ctx = await createContext(config)
  await migrateWhenReady(ctx.db)
  await ensureSigningKeys(ctx)
  await fillDirectory(ctx).catch(err => ctx.log.warn({ err }, 'the directory cannot be filled yet'))
  const background = [startDirectoryCheck(ctx)]
  const server = listen(createApp(ctx), config, ({ port }) => ctx.log.info({ port }, 'the origin listens'))

  const stop = async () => {
    const closed = new Promise(resolve => server.close(resolve))
    if ('closeIdleConnections' in server) server.closeIdleConnections()
    await Promise.race([
      Promise.all([closed, ...background.map(loop => loop.stop())]),
      new Promise(resolve => setTimeout(resolve, 3_000)),
    ])
    await ctx.db.destroy()
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error)
  process.exit(1)
}
