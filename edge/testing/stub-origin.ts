import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { verifyRequest } from '../../shared/edge-signature.ts'
import type { Region } from '../../shared/regions.ts'
import { decodeVisitor, type Visitor } from '../../shared/visitor.ts'

export const edgeKey = 'edge key of the tests, long enough to be one'

export type Recorded = {
  method: string
  target: string
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  body: string
  bytes: Buffer
  visitor: Visitor | null
  /** What the origin's own check says of the signature. */
  verdict: string
}
type Answer = { status?: number; body?: unknown; headers?: Record<string, string> }
/** `hang` never answers; `drop` closes the connection; undefined leaves it to the next handler. */
type Handler = (request: Recorded) => Answer | 'hang' | 'drop' | undefined

/** An origin that checks signatures as the real one does, records what it is asked, and answers what a test says. */
export async function startStubOrigin(region: Region, keys: () => unknown) {
  const recorded: Recorded[] = []
  let handlers: Handler[] = []
  let down: 'drop' | 'hang' | undefined
  let keysAsked = 0
  let keysHeld = false
  let early: Answer | undefined
  const progress = { bytes: 0, brokenOff: 0 }
  const server = createServer(async (incoming, outgoing) => {
    if (incoming.url === '/.well-known/jwks.json') {
      keysAsked += 1
      return keysHeld ? undefined : reply(outgoing, { body: keys() })
    }
    if (down) return down === 'hang' ? undefined : incoming.socket.destroy()
    if (incoming.url === '/readyz') return reply(outgoing, { body: { ok: true } })
    if (early && incoming.method === 'POST') {
      await new Promise(resolve => incoming.once('data', resolve))
      return reply(outgoing, early)
    }
    incoming.on('data', (chunk: Buffer) => {
      progress.bytes += chunk.byteLength
    })
    const request = await record(region, incoming).catch(() => undefined)
    if (!request) {
      progress.brokenOff += 1
      return undefined
    }
    recorded.push(request)
    const answer = handlers.map(handle => handle(request)).find(given => given !== undefined) ?? usual(request)
    if (answer === 'drop') return incoming.socket.destroy()
    if (answer !== 'hang') reply(outgoing, answer)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    region,
    url: `http://127.0.0.1:${port}`,
    recorded,
    /** Answers like this until `reset`; the latest handler is asked first. */
    on: (handler: Handler) => {
      handlers = [handler, ...handlers]
    },
    /** Answers the next requests with a body as soon as any of it has come, and reads no more of it. */
    answerEarly: (answer: Answer) => {
      early = answer
    },
    /** How many bytes of bodies have come, and how many requests broke off. */
    progress,
    reset: () => {
      handlers = []
      early = undefined
      Object.assign(progress, { bytes: 0, brokenOff: 0 })
      down = undefined
      recorded.length = 0
    },
    /** Serves nobody until `reset`: connections end at once, or nothing is ever answered. */
    fail: (how: 'drop' | 'hang') => {
      down = how
    },
    last: () => recorded.at(-1),
    /** Leaves requests for the public keys unanswered, for as long as it is held. */
    holdKeys: (value: boolean) => {
      keysHeld = value
    },
    keysAsked: () => keysAsked,
    stop: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
export type StubOrigin = Awaited<ReturnType<typeof startStubOrigin>>

/** A problem document as an origin writes it. */
export function problem(status: number, code: string, more: Record<string, unknown> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: 'about:blank', title: code, status, code, requestId: 'r', ...more },
  }
}

/** Lists are empty, everything else is an empty object. */
function usual({ method, path }: Recorded): Answer {
  if (method === 'GET' && path === '/api/v1/post-counts') return { body: { total: 0, newThisWeek: 0 } }
  return { body: method === 'GET' ? { items: [], nextCursor: null } : {} }
}

async function record(region: Region, incoming: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  const body = new Uint8Array(bytes).buffer
  const target = incoming.url ?? '/'
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
  const streamed = incoming.method === 'POST' && target.endsWith('/images/file')
  const parts = {
    method: incoming.method ?? '',
    target,
    headers: new Headers(headers),
    body: streamed ? ('streamed' as const) : body,
  }
  const verdict = await verifyRequest(edgeKey, region, parts, Date.now())
  const url = new URL(target, 'http://origin')
  return {
    method: parts.method,
    target,
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: bytes.toString('utf8'),
    bytes,
    visitor: headers['edge-visitor'] ? decodeVisitor(headers['edge-visitor']) : null,
    verdict: verdict.ok ? 'ok' : verdict.reason,
  }
}

function reply(outgoing: ServerResponse, { status = 200, body, headers = {} }: Answer): void {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  outgoing.writeHead(status, { ...type, ...headers }).end(body === undefined ? undefined : text(body))
}

function text(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}
