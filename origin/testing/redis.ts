import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createMemoryBackend } from '../../infra/local/redis/memory.ts'
import { createRestServer } from '../../infra/local/redis/rest.ts'

export type TestRedis = {
  url: string
  token: string
  /** Loses all data, as a Redis that was replaced by an empty one. */
  flush: () => Promise<void>
  /** Answers nothing any more until `start` is called. */
  stop: () => Promise<void>
  start: () => Promise<void>
}

/** Starts the local stack's own Redis bridge in this process, in memory, on a free port. */
export async function createTestRedis(): Promise<TestRedis> {
  const token = 'test-token'
  const backend = createMemoryBackend(['shared'])
  const createServer = () => createRestServer(backend, presented => (presented === token ? 'shared' : undefined))
  let server = createServer()
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    async flush() {
      await backend.run('shared', [['FLUSHALL']], false)
    },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
    async start() {
      server = createServer()
      server.listen({ host: '127.0.0.1', port })
      await once(server, 'listening')
    },
  }
}
