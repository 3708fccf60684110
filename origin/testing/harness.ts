import { inject } from 'vitest'
import { apiPrefix } from '../../shared/api.ts'
import { signRequest } from '../../shared/edge-signature.ts'
import { internalHeaders, requestIdHeader } from '../../shared/headers.ts'
import { type JobPayload, readPayload } from '../../shared/jobs.ts'
import { createKeySets } from '../../shared/key-sets.ts'
import type { Region } from '../../shared/regions.ts'
import { encodeVisitor, type Visitor } from '../../shared/visitor.ts'
import { fillDirectory } from '../accounts/directory-fill.ts'
import { ensureSigningKeys, publicKeySet } from '../accounts/signing-keys.ts'
import type { Mail } from '../adapters/ses.ts'
import { createApp } from '../app.ts'
import { readConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { createContext } from '../create-context.ts'
import { sendDueMails, sendRequestedMail } from '../mail/sending.ts'
import { createAccount, signIn, type TestAccount, type TestAccountInput } from './factories.ts'
import { createMemoryObjects } from './objects.ts'
import { createDatabase } from './postgres.ts'
import { createTestRedis, type TestRedis } from './redis.ts'

type TestRequest = {
  token?: string | undefined
  body?: unknown
  /** Bytes as they are, instead of `body`. */
  rawBody?: string | Uint8Array<ArrayBuffer>
  /** A form that passes as a stream, instead of `body`. */
  form?: FormData
  headers?: Record<string, string>
  visitor?: Partial<Visitor>
  /** False leaves the edge's signature out. */
  signed?: boolean
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into bodies of every form
type TestResponse = { status: number; headers: Headers; body: any; text: string }

export type TestOrigin = {
  region: Region
  ctx: Context
  app: ReturnType<typeof createApp>
  redis: TestRedis
  /** Sends a request as the edge would, signed; a path that does not begin with `/api` or `/.` is below `/api/v1`. */
  request: (method: string, path: string, options?: TestRequest) => Promise<TestResponse>
  /** Makes a verified account with a session of its own. */
  createAccount: (input?: TestAccountInput) => Promise<TestAccount>
  /** Signs in through the front door and gives the access token. */
  signIn: (email: string, password: string) => Promise<string>
  /** Sends the mails that the outbox asks for to nowhere and gives them. */
  mails: () => Promise<Mail[]>
}

/** Somebody of whom nothing is known. */
export const someVisitor: Visitor = {
  ip: '203.0.113.7',
  country: null,
  subdivision: null,
  city: null,
  continent: null,
  lat: null,
  lon: null,
  timeZone: null,
  userAgent: 'test',
}

const edgeKey = 'edge-key-of-the-tests-0123456789abcdef'
const open: (() => Promise<unknown>)[] = []

/** An origin of one region with a Postgres database and a Redis of its own. Closed by itself when the file is done. */
export async function createTestOrigin({
  region = 'na',
  now,
  openSearchUrl,
}: {
  region?: Region
  now?: () => Date
  openSearchUrl?: string
} = {}): Promise<TestOrigin> {
  const world = await createTestWorld([region], { ...(now && { now }), ...(openSearchUrl && { openSearchUrl }) })
  return world[region] as TestOrigin
}

/** Origins of several regions that know each other's keys and share one directory. */
export async function createTestWorld<R extends Region>(
  regions: R[],
  { now = () => new Date(), openSearchUrl }: { now?: () => Date; openSearchUrl?: string } = {},
): Promise<Record<R, TestOrigin>> {
  const redis = await createTestRedis()
  open.push(redis.stop)
  const origins = await Promise.all(regions.map(region => createOrigin(region, regions, { redis, now, openSearchUrl })))
  const byRegion = Object.fromEntries(origins.map(origin => [origin.region, origin])) as Record<R, TestOrigin>
  for (const { ctx } of origins) {
    const fetchKeys = async (region: Region) =>
      region in byRegion ? publicKeySet(byRegion[region as R].ctx) : { keys: [] }
    ctx.findKey = createKeySets({ fetchKeys, now: () => ctx.now().getTime() })
    await fillDirectory(ctx)
  }
  return byRegion
}

/** Closes everything that a test file opened; the set-up file calls it. */
export async function closeTestOrigins(): Promise<void> {
  await Promise.all(open.splice(0).map(close => close().catch(() => {})))
}

async function createOrigin(
  region: Region,
  regions: Region[],
  { redis, now, openSearchUrl }: { redis: TestRedis; now: () => Date; openSearchUrl: string | undefined },
): Promise<TestOrigin> {
  const config = readConfig({
    REGION: region,
    SITE_URL: 'http://localhost:8787',
    DATABASE_URL: await createDatabase(inject('postgresUrl')),
    DATABASE_POOL: '10',
    SHARED_REDIS_URL: redis.url,
    SHARED_REDIS_TOKEN: redis.token,
    REGION_REDIS_URL: redis.url,
    REGION_REDIS_TOKEN: redis.token,
    EDGE_KEY: edgeKey,
    DIRECTORY_KEY: 'directory-key-of-the-tests-0123456789',
    REGION_KEY: `region-key-of-the-tests-${region}-0123456789`,
    PEER_ORIGINS: JSON.stringify(Object.fromEntries(regions.map(peer => [peer, `http://${peer}.test`]))),
    PEER_QUEUES: JSON.stringify(
      Object.fromEntries(regions.map(peer => [peer, { awsRegion: 'us-east-1', prefix: `test-${peer}` }])),
    ),
    AWS_REGION: 'us-east-1',
    S3_BUCKET: 'test-bucket',
    SQS_QUEUE_PREFIX: 'test',
    MAIL_FROM: 'ClassifyHub <no-reply@classifyhub.example>',
    OPENSEARCH_URL: openSearchUrl,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
  })
  const ctx = await createContext(config, now)
  ctx.objects = createMemoryObjects(now)
  open.push(() => ctx.db.destroy())
  await ensureSigningKeys(ctx)
  const app = createApp(ctx)
  const origin: TestOrigin = {
    region,
    ctx,
    app,
    redis,
    request: (method, path, options) => send(origin, method, path, options),
    createAccount: input => createAccount(ctx, input),
    signIn: (email, password) => signIn(origin, email, password),
    mails: () => collectMails(ctx),
  }
  return origin
}

async function send(
  { app, ctx }: TestOrigin,
  method: string,
  path: string,
  options: TestRequest = {},
): Promise<TestResponse> {
  const target = path.startsWith('/api') || path.startsWith('/.') ? path : apiPrefix + path
  const { token, body, rawBody, form, headers: extra, visitor, signed = true } = options
  const headers = new Headers({ [requestIdHeader]: crypto.randomUUID() })
  if (token) headers.set('authorization', `Bearer ${token}`)
  if (body !== undefined || rawBody !== undefined) headers.set('content-type', 'application/json')
  const encoded = form && new Response(form)
  if (encoded) headers.set('content-type', encoded.headers.get('content-type') ?? '')
  for (const [name, value] of Object.entries(extra ?? {})) headers.set(name, value)
  const bytes = bytesOf(rawBody ?? (body === undefined ? undefined : JSON.stringify(body)))
  if (signed) {
    headers.set(internalHeaders.region, ctx.region)
    headers.set(internalHeaders.visitor, encodeVisitor({ ...someVisitor, ...visitor }))
    const parts = { method, target, headers, body: encoded ? ('streamed' as const) : bytes }
    headers.set(internalHeaders.signature, await signRequest(edgeKey, ctx.region, parts, ctx.now().getTime()))
  }
  const sent = encoded ? { body: encoded.body, duplex: 'half' as const } : bytes && { body: bytes }
  const response = await app.request(target, { method, headers, ...sent })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text ? JSON.parse(text) : undefined,
    text,
  }
}

function bytesOf(content: string | Uint8Array<ArrayBuffer> | undefined): ArrayBuffer | null {
  if (content === undefined) return null
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
}

async function collectMails(ctx: Context): Promise<Mail[]> {
  const mails: Mail[] = []
  const mailer = {
    async send(mail: Mail) {
      mails.push(mail)
      return { messageId: crypto.randomUUID() }
    },
  }
  for (const payload of await takeMailRequests(ctx)) await sendRequestedMail({ ...ctx, mailer }, payload)
  while ((await sendDueMails({ ...ctx, mailer }, 100)) > 0);
  return mails
}

/** What this region's outbox asks for, as the worker of this region would be told it. */
async function takeMailRequests({ db, now, region }: Context): Promise<JobPayload<'mail.requested'>[]> {
  const rows = await db
    .updateTable('outbox')
    .set({ done_at: now() })
    .where('kind', '=', 'mail.requested')
    .where('done_at', 'is', null)
    .where(where => where.or([where('region', 'is', null), where('region', '=', region)]))
    .returning(['id', 'version', 'payload'])
    .execute()
  const inOrder = rows.sort((a, b) => Number(a.id) - Number(b.id))
  return inOrder.map(row => readPayload('mail.requested', row.version, row.payload))
}
