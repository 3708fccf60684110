import type { IncomingMessage } from 'node:http'
import { checkScope, type Expectation, findIdentity } from './claim.ts'
import { isAllowed } from './credentials.ts'
import { AwsError, escapeXml } from './errors.ts'
import type { S3Store } from './fauxqs.ts'
import { checkKey, objectArn } from './operation.ts'
import { readForm } from './post-form.ts'
import { checkSize, judgeForm, type SizeRange } from './post-policy.ts'
import { algorithm, isSame, parseCredential, parseTime, sign } from './signature.ts'

export type Answer = { status: number; headers: Record<string, string>; body?: string }

/** A form is never much longer than its file: its fields have 20 KB at most, and each part has its headers. */
const frame = 64 * 1024

/**
 * Takes a file that a browser sends by a form, under the policy in it. Who may, and under what, is judged before the first byte of
 * the file is kept, and of one that is too large no more is read than it may have.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
 * @throws {AwsError}
 */
export async function postObject(
  raw: IncomingMessage,
  bucket: string,
  store: S3Store,
  expected: Expectation,
): Promise<Answer> {
  if (raw.headers['content-length'] === undefined) throw new AwsError('MissingContentLength')
  const { fields: sent, fileName, file } = await readForm(raw)
  // biome-ignore lint/suspicious/noTemplateCurlyInString: S3 has the browser's name of the file put here.
  const fields = new Map([...sent].map(([name, value]) => [name, value.replaceAll('${filename}', () => fileName)]))
  const key = required(fields, 'key')
  checkKey(key)
  verifyPolicy(sent, bucket, key, expected)
  const sizes = judgeForm({ bucket, fields }, required(sent, 'policy'), expected.now)
  const body = await collect(file, sizes, Number(raw.headers['content-length']) - frame)
  if (!store.hasBucket(bucket)) throw new AwsError('NoSuchBucket', undefined, { BucketName: bucket })
  const { etag } = store.putObject(
    bucket,
    key,
    body,
    fields.get('content-type') ?? 'binary/octet-stream',
    metadataOf(fields),
    {
      ...pick(fields, 'content-disposition', 'contentDisposition'),
      ...pick(fields, 'cache-control', 'cacheControl'),
      ...pick(fields, 'content-encoding', 'contentEncoding'),
    },
  )
  return answerTo(fields, {
    bucket,
    key,
    etag,
    location: `http://${raw.headers.host}/${bucket}/${encodeURIComponent(key)}`,
  })
}

// The policy is signed as it was sent, in base64.
function verifyPolicy(fields: ReadonlyMap<string, string>, bucket: string, key: string, expected: Expectation): void {
  const names = ['policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature']
  // Nobody may write to the bucket without: it is private.
  if (!names.some(name => fields.has(name))) throw new AwsError('AccessDenied')
  const [policy = '', named, credentialText = '', time = '', signature = ''] = names.map(name => required(fields, name))
  const refuse = (why: string, details: Record<string, string> = {}) => new AwsError('InvalidArgument', why, details)
  if (fields.has('x-amz-security-token')) throw new AwsError('InvalidToken')
  if (named !== algorithm) throw refuse(`X-Amz-Algorithm only supports "${algorithm}"`)
  const credential = parseCredential(credentialText)
  if (!credential || parseTime(time) === undefined) throw refuse('X-Amz-Credential or X-Amz-Date is mal-formed')
  checkScope({ ...credential, time }, expected, refuse)
  const identity = findIdentity(credential.accessKeyId, expected)
  if (!isSame(sign(identity.secretAccessKey, credential.scope, policy), signature)) {
    throw new AwsError('SignatureDoesNotMatch', undefined, {
      AWSAccessKeyId: identity.accessKeyId,
      StringToSign: policy,
      SignatureProvided: signature,
    })
  }
  if (!isAllowed(identity, 's3:PutObject', objectArn(bucket, key))) throw new AwsError('AccessDenied')
}

async function collect(file: AsyncIterable<Buffer>, sizes: SizeRange, atLeast: number): Promise<Buffer> {
  if (atLeast > sizes.max) checkSize(atLeast, sizes)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of file) {
    bytes += chunk.length
    if (bytes > sizes.max) checkSize(bytes, sizes)
    chunks.push(chunk)
  }
  checkSize(bytes, sizes)
  return Buffer.concat(chunks)
}

function answerTo(
  fields: ReadonlyMap<string, string>,
  stored: { bucket: string; key: string; etag: string; location: string },
): Answer {
  const { bucket, key, etag, location } = stored
  const next = fields.get('success_action_redirect') ?? fields.get('redirect')
  if (next && URL.canParse(next)) {
    const url = new URL(next)
    for (const [name, value] of Object.entries({ bucket, key, etag })) url.searchParams.set(name, value)
    return { status: 303, headers: { location: url.href, etag } }
  }
  const headers = { location, etag }
  const status = fields.get('success_action_status')
  if (status === '200') return { status: 200, headers }
  if (status !== '201') return { status: 204, headers }
  const elements = { Location: location, Bucket: bucket, Key: key, ETag: etag }
  const inner = Object.entries(elements).map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`)
  return {
    status: 201,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${inner.join('')}</PostResponse>`,
  }
}

function required(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name)
  if (value) return value
  throw new AwsError(
    'InvalidArgument',
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    { ArgumentName: name, ArgumentValue: '' },
  )
}

function metadataOf(fields: ReadonlyMap<string, string>): Record<string, string> {
  const prefix = 'x-amz-meta-'
  const found = [...fields].filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]))
}

function pick<Name extends string>(fields: ReadonlyMap<string, string>, field: string, name: Name) {
  const value = fields.get(field)
  return (value === undefined ? {} : { [name]: value }) as { [one in Name]?: string }
}
