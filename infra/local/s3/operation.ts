import { AwsError } from './errors.ts'

/** What of S3 a request asks for. `key` is empty for what concerns the bucket. */
export type S3Request = {
  method: string
  bucket: string
  key: string
  /** Decoded names and values, in the order in which they came. */
  query: readonly (readonly [name: string, value: string])[]
  headers: ReadonlyMap<string, string>
}

/** A permission that is needed, in the words of IAM. */
export type Need = { action: string; resource: string }

type Operation = { action: string; takes?: readonly string[] }

// By method, then by the parameters that change what is asked; what the stand-in does not know it must not take for something else.
const onBucket: Record<string, Record<string, Operation>> = {
  GET: {
    '': {
      action: 's3:ListBucket',
      takes: ['list-type', 'prefix', 'max-keys', 'marker', 'start-after', 'continuation-token', 'fetch-owner'],
    },
    lifecycle: { action: 's3:GetLifecycleConfiguration' },
  },
  HEAD: { '': { action: 's3:ListBucket' } },
  POST: { delete: { action: 's3:DeleteObject' } },
}
const onObject: Record<string, Record<string, Operation>> = {
  GET: { '': { action: 's3:GetObject' } },
  HEAD: { '': { action: 's3:GetObject' } },
  PUT: { '': { action: 's3:PutObject' }, 'partNumber uploadId': { action: 's3:PutObject' } },
  POST: { uploads: { action: 's3:PutObject' }, uploadId: { action: 's3:PutObject' } },
  DELETE: { '': { action: 's3:DeleteObject' }, uploadId: { action: 's3:AbortMultipartUpload' } },
}

/**
 * Says what one must be allowed for a request.
 * @throws {AwsError} NotImplemented, MethodNotAllowed, InvalidArgument; InvalidURI and KeyTooLongError for keys that S3 does not take
 */
export function needsOf(request: S3Request): Need[] {
  const { bucket, key, method } = request
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*' }]
  if (key !== '') checkKey(key)
  const { action } = operationOf(request)
  // For the removal of many S3 asks about each key; nobody here may remove some and not others.
  const inner = key || (action === 's3:DeleteObject' ? '*' : '')
  const need = { action, resource: inner ? objectArn(bucket, inner) : bucketArn(bucket) }
  const source = method === 'PUT' ? request.headers.get('x-amz-copy-source') : undefined
  return source === undefined
    ? [need]
    : [need, { action: 's3:GetObject', resource: `arn:aws:s3:::${sourceOf(source)}` }]
}

/**
 * Refuses keys that S3 refuses: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 * @throws {AwsError} KeyTooLongError beyond 1,024 bytes, InvalidURI for `../` that leads out
 */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1_024) throw new AwsError('KeyTooLongError')
  let depth = 0
  for (const part of key.split('/')) {
    if (part === '' || part === '.') continue
    depth += part === '..' ? -1 : 1
    if (depth < 0) throw new AwsError('InvalidURI')
  }
}

export function objectArn(bucket: string, key: string): string {
  return `${bucketArn(bucket)}/${key}`
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`
}

function operationOf({ method, key, query, headers }: S3Request): Operation {
  const known = (key === '' ? onBucket : onObject)[method]
  if (!known) throw new AwsError('MethodNotAllowed', undefined, { Method: method })
  const names = query.map(([name]) => name).filter(name => name !== 'x-id' && !/^x-amz-/i.test(name))
  if (new Set(names).size < names.length) throw new AwsError('InvalidArgument', 'A parameter was sent twice')
  const telling = names.filter(name => Object.keys(known).some(key => key.split(' ').includes(name)))
  const operation = known[telling.sort().join(' ')]
  const strange = names.find(name => !telling.includes(name) && !operation?.takes?.includes(name))
  if (!operation || strange !== undefined || headers.has('x-amz-rename-source')) {
    throw new AwsError('NotImplemented', undefined, { Query: names.join(', ') })
  }
  return operation
}

function sourceOf(header: string): string {
  try {
    return decodeURIComponent(header).replace(/^\//, '')
  } catch {
    throw new AwsError('InvalidArgument', 'Invalid copy source encoding')
  }
}
