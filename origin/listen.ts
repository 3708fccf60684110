import { type ServerType, serve } from '@hono/node-server'
import type { Hono } from 'hono'
import type { OriginEnv } from './edge-request.ts'

/**
 * How long a request may take to arrive, in milliseconds. Bodies that are read have their deadline, and a form must not stand still;
 * this is for one that hardly moves: 15 MB in half an hour are 8 kB a second.
 */
const longestArrival = 30 * 60_000

/** Serves the app on a port, 0 for any. */
export function listen(
  app: Hono<OriginEnv>,
  { host, port }: { host: string; port: number },
  onListening?: (info: { port: number }) => void,
): ServerType {
  const serverOptions = { requestTimeout: longestArrival }
  return serve({ fetch: app.fetch, hostname: host, port, serverOptions }, onListening)
}
