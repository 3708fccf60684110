import type { IncomingMessage } from 'node:http'
import { corsRules } from '../../bucket.ts'
import { awsRegionOf } from '../aws-resources.ts'
import { authenticate } from './authentication.ts'
import { hasChecksum } from './checksums.ts'
import type { Expectation } from './claim.ts'
import { corsHeaders, preflight } from './cors.ts'
import { type Identity, isAllowed } from './credentials.ts'
import { cutOff } from './cut-off.ts'
import { AwsError } from './errors.ts'
import type { App, AppRequest, S3Store } from './fauxqs.ts'
import { byHeader } from './header-auth.ts'
import { listByBytes } from './listing.ts'
import { bucketArn, needsOf, type S3Request } from './operation.ts'
import { readAtMost, readPayload } from './payload.ts'
import { postObject } from './post-object.ts'
import { normalRange } from './range.ts'
import { refuse } from './refusal.ts'
import { parseQuery, sha256 } from './signature.ts'
import { placeOf, serviceOf, wireOf } from './wire.ts'

export type GuardOptions = {
  identities: readonly Identity[]
  /** Where pages come from that may send forms: scheme, host and port. */
  siteOrigins: readonly string[]
  /** Milliseconds. */
  now: () => number
  store: S3Store
}

/** What was found out about a request before its body came. */
type Admitted = S3Request & { identity: Identity; payload: string }

const mostMessageBytes = 1024 * 1024

/**
 * Stands in front of fauxqs, which believes everybody, and lets through what AWS would let through: every request to S3, SQS and SNS
 * must be signed by somebody known, within its time, for something that they may do. Only `/health` is open.
 */
export function guard(app: App, { identities, siteOrigins, now, store }: GuardOptions): void {
  listByBytes(store)
  const rules = corsRules(siteOrigins)
  const admitted = new WeakMap<AppRequest, Admitted>()
  const messages = new WeakSet<AppRequest>()
  const expect = (service: string, bucket?: string): Expectation => ({
    identities,
    now: now(),
    service,
    region: bucket === undefined ? undefined : awsRegionOf(bucket),
  })

  app.addHook('onRequest', async (request, reply) => {
    const { raw } = request
    if (isOpen(request) || serviceOf(request) !== 's3') return
    const { bucket, key } = placeOf(request)
    if (raw.method === 'OPTIONS') {
      const known = store.hasBucket(bucket) ? rules : undefined
      return reply
        .code(200)
        .headers(preflight(known, raw.headers, key === '' ? 'BUCKET' : 'OBJECT'))
        .send()
    }
    const { origin } = raw.headers
    if (origin !== undefined) reply.headers(corsHeaders(rules, origin, request.method) ?? {})
    if (request.method === 'POST' && key === '' && /^multipart\/form-data/i.test(raw.headers['content-type'] ?? '')) {
      const { status, headers, body } = await postObject(raw, bucket, store, expect('s3', bucket))
      return reply.code(status).headers(headers).send(body)
    }
    const wire = wireOf(raw)
    const headers = new Map(wire.headers.map(([name, value]) => [name.toLowerCase(), value]))
    const asked = { method: request.method, bucket, key, query: parseQuery(wire.query), headers }
    const who = authenticate(wire, expect('s3', bucket))
    for (const { action, resource } of needsOf(asked)) {
      if (!isAllowed(who.identity, action, resource)) throw new AwsError('AccessDenied')
    }
    checkUpload(asked, store)
    admitted.set(request, { ...asked, ...who })
  })

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (request: AppRequest, raw: IncomingMessage) => {
    const known = admitted.get(request)
    if (known) return await readBody(raw, known)
    const service = serviceOf(request)
    const body = await readAtMost(raw, mostMessageBytes)
    const identity = byHeader(wireOf(raw), sha256(body), expect(service))
    const message = readMessage(service, body)
    const action = service === 'sqs' ? String(raw.headers['x-amz-target']).split('.').pop() : message.Action
    if (!isAllowed(identity, `${service}:${action}`, '*')) throw new AwsError('AccessDenied')
    messages.add(request)
    return message
  })

  // What has no body passes by no parser: here nothing passes that was not let in before.
  app.addHook('preHandler', async request => {
    const known = admitted.get(request)
    if (!known) {
      if (isOpen(request) || messages.has(request)) return
      throw new AwsError('AccessDenied')
    }
    request.body ??= await readBody(request.raw, known)
    checkOverwriting(known, store)
    fitRange(request.raw, known, store)
  })

  // Who may not list a bucket is not told what is missing in it: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
  app.addHook('onSend', (request, reply, payload, done) => {
    const known = admitted.get(request)
    if (known?.key && ['GET', 'HEAD'].includes(known.method)) reply.header('accept-ranges', 'bytes')
    const isHidden = known?.key && !isAllowed(known.identity, 's3:ListBucket', bucketArn(known.bucket))
    done(null, isHidden && reply.statusCode === 404 ? refuse(request, reply, new AwsError('AccessDenied')) : payload)
  })
  app.addHook('onResponse', async ({ raw }) => cutOff(raw))

  app.setNotFoundHandler(() => {
    throw new AwsError('MethodNotAllowed')
  })
  app.setErrorHandler((error, request, reply) => reply.send(refuse(request, reply, error)))
}

function isOpen({ routeOptions }: AppRequest): boolean {
  return routeOptions.url === '/health'
}

async function readBody(raw: IncomingMessage, { method, headers, query, payload }: Admitted): Promise<Buffer> {
  const names = new Set(query.map(([name]) => name))
  // The checksums of a finished upload are of the whole object.
  const isWhole = method === 'POST' && names.has('uploadId')
  const named = query.map(([name, value]) => [name.toLowerCase(), value] as const)
  const sent = new Map([...named, ...headers].filter(([name]) => !isWhole || !name.startsWith('x-amz-checksum-')))
  if (method === 'POST' && names.has('delete') && !hasChecksum(sent)) {
    throw new AwsError('InvalidRequest', 'Missing required header for this request: Content-MD5')
  }
  const body = await readPayload(raw, payload, sent)
  // fauxqs would take it apart once more.
  if (headers.get('content-encoding') === 'aws-chunked') delete raw.headers['content-encoding']
  return body
}

function readMessage(service: string, body: Buffer): Record<string, unknown> {
  if (service === 'sns') return Object.fromEntries(new URLSearchParams(body.toString()))
  try {
    return JSON.parse(body.toString())
  } catch {
    throw new AwsError('InvalidRequest', 'The body is no JSON')
  }
}

// fauxqs goes by the id of an upload alone.
function checkUpload({ bucket, key, query }: S3Request, store: S3Store): void {
  const id = query.find(([name]) => name === 'uploadId')?.[1]
  const upload = id === undefined ? undefined : store.multipartUploads.get(id)
  if (upload && (upload.bucket !== bucket || upload.key !== key)) throw new AwsError('NoSuchUpload')
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
function checkOverwriting({ method, bucket, key, headers }: S3Request, store: S3Store): void {
  if (method !== 'PUT' && method !== 'POST') return
  if (headers.has('if-match')) throw new AwsError('NotImplemented', undefined, { Header: 'If-Match' })
  if (headers.has('if-none-match') && store.buckets.get(bucket)?.has(key)) {
    throw new AwsError('PreconditionFailed', undefined, { Condition: 'If-None-Match' })
  }
}

function fitRange({ headers }: IncomingMessage, { bucket, key }: S3Request, store: S3Store): void {
  const range = headers.range && normalRange(headers.range, store.buckets.get(bucket)?.get(key)?.contentLength ?? 0)
  if (range) headers.range = range
  else delete headers.range
}
