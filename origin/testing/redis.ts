import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createMemoryBackend } from '../../infra/local/redis/memory.ts'
import { createRestServer } from '../../infra/local/redis/rest.ts'

export type TestRedis = {
  url: string
  token: string
  /** Loses all data, as a Redis that was replaced by an empty one. */
  flush: () => Promise<void>
  /** All that it holds, of whatever type, without the way that the product takes: each key with what it reads as. */
  dump: () => Promise<{ key: string; text: string }[]>
  /** Answers nothing any more until `start` is called. */
  stop: () => Promise<void>
  start: () => Promise<void>
}

/** What reads a whole value of each type. */
const readers: Readonly<Record<string, (key: string) => string[]>> = {
  string: key => ['GET', key],
  hash: key => ['HGETALL', key],
  stream: key => ['XRANGE', key, '-', '+'],
  list: key => ['LRANGE', key, '0', '-1'],
  set: key => ['SMEMBERS', key],
  zset: key => ['ZRANGE', key, '0', '-1'],
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
    async dump() {
      const run = async (...command: string[]) => {
        const [outcome] = await backend.run('shared', [command], false)
        if (!outcome || outcome.error !== undefined) throw new Error(`${command.join(' ')}: ${outcome?.error}`)
        return outcome.result
      }
      const entries = []
      for (const key of (await run('KEYS', '*')) as string[]) {
        const { status = '' } = (await run('TYPE', key)) as { status?: string }
        const read = readers[status]
        if (!read) throw new Error(`Cannot dump ${key}: its type is unknown here`)
        entries.push({ key, text: JSON.stringify(await run(...read(key))) })
      }
      return entries
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
