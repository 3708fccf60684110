import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { WORKER_BUNDLE, WORKER_OPTIONS } from '../../infra/local/build.ts'
import { createMemoryBackend } from '../../infra/local/redis/memory.ts'
import { createRestServer } from '../../infra/local/redis/rest.ts'
import { type PurgeEntry, purgeFields, purgeLogKey } from '../../shared/cache-tags.ts'
import { directoryMarkerKey } from '../../shared/directory.ts'
import { type Region, regions } from '../../shared/regions.ts'
import { type Ask, ask, type Reply } from './http.ts'
import { mediaKey, type StubBucket, startStubBucket } from './stub-bucket.ts'
import { edgeKey, type StubOrigin, startStubOrigin } from './stub-origin.ts'
import { createSigner, type Signer } from './tokens.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const directoryKey = 'directory key of the tests, long enough'

export const runtimes = ['workerd', 'deno'] as const
export type Runtime = (typeof runtimes)[number]

/** The edge in one runtime, with three recording origins, a bucket for each region and a Redis of its own. */
export type TestEdge = {
  site: string
  ask: (path: string, options?: Ask) => Promise<Reply>
  origins: Record<Region, StubOrigin>
  signers: Record<Region, Signer>
  redis: Awaited<ReturnType<typeof startRedis>>
  bucket: StubBucket
  /** Forgets what origins and buckets were asked and told to answer. */
  reset: () => void
  stop: () => Promise<void>
}

/**
 * Starts the edge with the bundle that Wrangler deploys (workerd) or the sources (Deno). `npm test` builds both first.
 * @param settings replace those of a local stack; a region's empty ORIGIN takes it away
 */
export async function startEdge(runtime: Runtime, settings: Record<string, string> = {}): Promise<TestEdge> {
  const pairs = await Promise.all(
    regions.map(async region => {
      const signer = await createSigner(region)
      return { region, signer, origin: await startStubOrigin(region, () => signer.keySet) }
    }),
  )
  const origins = byRegion(pairs.map(({ region, origin }) => [region, origin]))
  const signers = byRegion(pairs.map(({ region, signer }) => [region, signer]))
  const redis = await startRedis()
  const bucket = await startStubBucket()
  for (const region of regions) await redis.command('SET', directoryMarkerKey(region), '1')
  const env = {
    SITE_URL: 'http://localhost',
    ORIGIN_NA: origins.na.url,
    ORIGIN_EU: origins.eu.url,
    ORIGIN_AP: origins.ap.url,
    EDGE_KEY: edgeKey,
    LIMIT_KEY: 'limit key of the tests, long enough to be one',
    DIRECTORY_KEY: directoryKey,
    SHARED_REDIS_URL: redis.url,
    SHARED_REDIS_TOKEN: 'shared',
    MEDIA_BUCKETS: bucket.setting(regions),
    MEDIA_ACCESS_KEY_ID: mediaKey.accessKeyId,
    MEDIA_SECRET_ACCESS_KEY: mediaKey.secretAccessKey,
    LOCAL_GEO: 'true',
    LIMIT_SCALE: '1000',
    LOG_LEVEL: 'silent',
    ...settings,
  }
  const served = await (runtime === 'workerd' ? startWorkerd(env) : startDeno(env))
  // A site in production is asked for by its own name, wherever it listens.
  const local = env.SITE_URL === 'http://localhost'
  const host: Record<string, string> = local ? {} : { host: new URL(env.SITE_URL).host }
  return {
    site: local ? served.url : env.SITE_URL,
    ask: (target, options = {}) => ask(served.url, target, { ...options, headers: { ...host, ...options.headers } }),
    origins,
    signers,
    redis,
    bucket,
    reset: () => {
      for (const region of regions) origins[region].reset()
      bucket.reset()
    },
    async stop() {
      await served.stop()
      await Promise.all([...regions.map(region => origins[region].stop()), redis.stop(), bucket.stop()])
    },
  }
}

/** The key of an address in the tests' directory is made with this. */
export { directoryKey }

/** The local stack's Redis bridge; `block` makes it as dead as a lost network, `slow` lets each command take so many milliseconds. */
export async function startRedis() {
  const memory = createMemoryBackend(['shared'])
  let blocked = false
  let delay = 0
  let commands = 0
  const backend: typeof memory = {
    ...memory,
    async run(...parts) {
      commands += 1
      if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay))
      return memory.run(...parts)
    },
  }
  const rest = createRestServer(backend, token => (token === 'shared' && !blocked ? token : undefined))
  await new Promise<void>(resolve => rest.listen(0, '127.0.0.1', resolve))
  const command = async (...parts: string[]) => {
    const [outcome] = await memory.run('shared', [parts], false)
    if (outcome?.error) throw new Error(outcome.error)
    return outcome?.result
  }
  return {
    url: `http://127.0.0.1:${(rest.address() as AddressInfo).port}`,
    command,
    block: (value: boolean) => {
      blocked = value
    },
    slow: (milliseconds: number) => {
      delay = milliseconds
    },
    /** How many commands and pipelines came over the wire. */
    commands: () => commands,
    /** Appends to the purge log as an origin does. */
    purge: (stale: Partial<PurgeEntry>) =>
      command('XADD', purgeLogKey, '*', ...Object.entries(purgeFields({ tags: [], sessions: [], ...stale })).flat()),
    async stop() {
      rest.close().closeAllConnections()
      await backend.close()
    },
  }
}

async function startWorkerd(env: Record<string, string>) {
  const { Miniflare, convertV4MiniflareOptions, Log, LogLevel } = await import('miniflare')
  const options = JSON.parse(readFileSync(WORKER_OPTIONS, 'utf8'))
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      bindings: { ...options.bindings, ...env },
      modules: [{ type: 'ESModule', path: WORKER_BUNDLE, contents: readFileSync(WORKER_BUNDLE, 'utf8') }],
      modulesRoot: path.dirname(WORKER_BUNDLE),
      host: '127.0.0.1',
      port: 0,
      cf: false,
      log: new Log(LogLevel.NONE),
    }),
  )
  const url = (await miniflare.ready).origin
  return { url, stop: () => miniflare.dispose() }
}

/** The real binary: the wrapper of the npm package leaves it running when it is signalled. */
async function startDeno(env: Record<string, string>) {
  const scope = path.join(root, 'node_modules/@deno')
  const [platform = ''] = readdirSync(scope)
  const binary = path.join(scope, platform, process.platform === 'win32' ? 'deno.exe' : 'deno')
  const args = ['run', '--no-prompt', '--allow-net', '--allow-env', '--allow-read=dist/client', 'edge/deno.ts']
  const child = spawn(binary, args, {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NO_COLOR: '1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk
      const found = /Listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(printed)?.[1]
      if (found) resolve(found)
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', code => reject(new Error(`Deno ended with ${code}:\n${printed}`)))
  })
  const stop = async () => {
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  return { url, stop }
}

function byRegion<T>(pairs: [Region, T][]): Record<Region, T> {
  return Object.fromEntries(pairs) as Record<Region, T>
}
