import { readFileSync } from 'node:fs'
import path from 'node:path'
import { childEnv, closeOnSignal, nodeChild } from './node-child.ts'
import type { Backend } from './redis/rest.ts'
import type { Secrets } from './secrets.ts'
import { answers, type Service } from './supervisor.ts'

/** The bridge that speaks the REST protocol of Upstash: its own store in the data folder, or the Redis at REDIS_URL behind it. */
export function redisService(dir: string, port: number): Service {
  return {
    name: 'redis',
    port,
    ...nodeChild('infra/local/redis.ts', [dir, String(port)]),
    env: childEnv(process.env.REDIS_URL === undefined ? {} : { REDIS_URL: process.env.REDIS_URL }),
    isHealthy: () => answers(`http://127.0.0.1:${port}/health`),
  }
}

// Imported here and not above: the supervisor reads this file too, and needs neither ioredis nor Lua.
async function createBackend(url: string | undefined, id: string, spaces: string[], folder: string): Promise<Backend> {
  if (url === undefined) return (await import('./redis/memory.ts')).createMemoryBackend(spaces, folder)
  return (await import('./redis/real.ts')).createRealBackend(url, id, spaces)
}

async function serve(dir: string, port: number) {
  const { stackId, redisTokens } = JSON.parse(readFileSync(path.join(dir, 'secrets.json'), 'utf8')) as Secrets
  const spaces = Object.keys(redisTokens)
  const spaceOfToken = new Map(Object.entries(redisTokens).map(([space, token]) => [token, space]))
  const url = process.env.REDIS_URL
  const backend = await createBackend(url, stackId, spaces, path.join(dir, 'redis'))
  const { createRestServer } = await import('./redis/rest.ts')
  const server = createRestServer(backend, token => spaceOfToken.get(token))
  server.keepAliveTimeout = 60_000
  server.listen({ host: '127.0.0.1', port })
  closeOnSignal(async () => {
    server.close().closeAllConnections()
    await backend.close()
  })
}

if (import.meta.main) {
  const [dir, port] = process.argv.slice(2)
  if (dir === undefined) throw new Error('Cannot serve: usage is redis.ts DIR PORT')
  await serve(dir, Number(port))
}
