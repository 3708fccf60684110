import { readFileSync } from 'node:fs'
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import type { Region } from '../../shared/regions.ts'
import { AWS_REGIONS, resourceName } from './aws-resources.ts'
import { WORKER_BUNDLE, WORKER_OPTIONS } from './build.ts'
import { childEnv, closeOnSignal, nodeChild } from './node-child.ts'
import type { Ports } from './origin.ts'
import { accessKeyId } from './s3/credentials.ts'
import type { Secrets } from './secrets.ts'
import { answers, type Service } from './supervisor.ts'

/** The edge's settings and secrets, in place of those of wrangler.toml. A region that does not run has an empty origin. */
export function edgeBindings(regions: Region[], ports: Ports, secrets: Secrets): Record<string, string> {
  const aws = `http://127.0.0.1:${ports.aws}`
  const buckets = regions.map(region => [
    region,
    { url: `${aws}/${resourceName(region)}`, awsRegion: AWS_REGIONS[region] },
  ])
  const origin = (region: Region) => (regions.includes(region) ? `http://127.0.0.1:${ports[`origin-${region}`]}` : '')
  return {
    SITE_URL: `http://localhost:${ports.edge}`,
    ORIGIN_NA: origin('na'),
    ORIGIN_EU: origin('eu'),
    ORIGIN_AP: origin('ap'),
    LOCAL_GEO: 'true',
    EDGE_KEY: secrets.edgeKey,
    LIMIT_KEY: secrets.limitKey,
    DIRECTORY_KEY: secrets.directoryKey,
    SHARED_REDIS_URL: `http://127.0.0.1:${ports.redis}`,
    SHARED_REDIS_TOKEN: secrets.redisTokens.shared,
    MEDIA_BUCKETS: JSON.stringify(Object.fromEntries(buckets)),
    MEDIA_ACCESS_KEY_ID: accessKeyId('edge'),
    MEDIA_SECRET_ACCESS_KEY: secrets.awsSecretKeys.edge,
    // A test suite comes from one address and raises every limit.
    LIMIT_SCALE: process.env.LIMIT_SCALE ?? '1',
  }
}

/** The edge: the bundle that Wrangler deploys, in workerd by Miniflare, behind a door that lets no forged header in. */
export function edgeService(bindingsFile: string, port: number): Service {
  return {
    name: 'edge',
    port,
    ...nodeChild('infra/local/edge.ts', [bindingsFile, String(port)]),
    env: childEnv({ WRANGLER_SEND_METRICS: 'false' }),
    isHealthy: () => answers(`http://localhost:${port}/healthz`),
  }
}

async function serve(bindingsFile: string, port: number): Promise<void> {
  const { Miniflare, convertV4MiniflareOptions, Log, LogLevel } = await import('miniflare')
  const options = JSON.parse(readFileSync(WORKER_OPTIONS, 'utf8'))
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...options,
      bindings: { ...options.bindings, ...JSON.parse(readFileSync(bindingsFile, 'utf8')) },
      modules: [{ type: 'ESModule', path: WORKER_BUNDLE, contents: readFileSync(WORKER_BUNDLE, 'utf8') }],
      modulesRoot: path.dirname(WORKER_BUNDLE),
      host: '127.0.0.1',
      port: 0,
      cf: false, // no look-up of this machine's place over the network
      log: new Log(LogLevel.WARN),
    }),
  )
  const inside = await miniflare.ready
  const listen = (host: string) =>
    new Promise<void>((resolve, reject) => {
      const server = createServer((incoming, reply) => pass(incoming, reply, inside))
      server.requestTimeout = 0
      server.once('error', error => (isMissingAddress(error) ? resolve() : reject(error)))
      server.listen({ host, port }, resolve)
    })
  // Miniflare ends the process on a signal before workerd has gone; here the order is the other way round.
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal)
  closeOnSignal(() => miniflare.dispose())
  // "localhost" is either, as the machine and the browser please.
  await Promise.all([listen('127.0.0.1'), listen('::1')])
}

// What only the platform may say. Miniflare would believe MF-CF-Blob (the visitor's place) and MF-Original-URL from anybody.
const PLATFORM_HEADER = /^(mf-.*|cf-.*|x-forwarded-.*|x-real-ip|true-client-ip|forwarded)$/i
const HOP_BY_HOP = /^(connection|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/i

function pass(incoming: IncomingMessage, reply: ServerResponse, inside: URL) {
  const headers = pairs(incoming.rawHeaders).filter(([name]) => !PLATFORM_HEADER.test(name) && !HOP_BY_HOP.test(name))
  headers.push(['CF-Connecting-IP', clientAddress(incoming)])
  if (incoming.headers['transfer-encoding'] !== undefined) headers.push(['Transfer-Encoding', 'chunked'])
  const options = {
    host: inside.hostname,
    port: inside.port,
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
  }
  const outgoing = forward({ ...options, headers: headers.flat(), setHost: false }, answer => {
    const kept = pairs(answer.rawHeaders).filter(([name]) => !HOP_BY_HOP.test(name))
    reply.writeHead(answer.statusCode ?? 502, kept.flat())
    answer.pipe(reply)
    answer.on('error', () => reply.destroy())
  })
  outgoing.on('error', error => {
    // workerd has died: this process ends too, and the supervisor starts both again.
    if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') process.exit(1)
    // An answer that began before the whole body was sent ends by itself.
    if (!reply.headersSent) reply.destroy()
  })
  reply.on('close', () => outgoing.destroy())
  incoming.pipe(outgoing)
}

function pairs(raw: string[]): [string, string][] {
  const found: [string, string][] = []
  for (let at = 0; at < raw.length; at += 2) found.push([raw[at] ?? '', raw[at + 1] ?? ''])
  return found
}

function clientAddress(incoming: IncomingMessage): string {
  return (incoming.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '')
}

function isMissingAddress(error: Error): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '')
}

if (import.meta.main) {
  const [bindingsFile, port] = process.argv.slice(2)
  if (bindingsFile === undefined) throw new Error('Cannot serve: usage is edge.ts BINDINGS PORT')
  await serve(bindingsFile, Number(port))
}
