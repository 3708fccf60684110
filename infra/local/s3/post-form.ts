import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import { AwsError } from './errors.ts'

/** What stands before the file, as S3 allows it: 20 KB. */
const mostFieldBytes = 20_000

export type PostedForm = {
  /** By names in lower case. */
  fields: ReadonlyMap<string, string>
  fileName: string
  /** Comes as fast as it is read. */
  file: AsyncIterable<Buffer>
}

/**
 * Reads a form (multipart/form-data) up to its file; what comes behind the file counts for nothing, as in S3.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 * @throws {AwsError} MalformedPOSTRequest, InvalidArgument, MaxPostPreDataLengthExceeded; reading the file may throw, too
 */
export async function readForm(raw: IncomingMessage): Promise<PostedForm> {
  const parser = createParser(raw)
  const fields = new Map<string, string>()
  let bytes = 0
  return await new Promise((resolve, reject) => {
    let open: Readable | undefined
    const refuse = (error: AwsError) => {
      raw.unpipe(parser)
      open?.destroy(error)
      reject(error)
    }
    parser.on('field', (name, value, _nameTruncated, truncated) => {
      const known = (name ?? '').toLowerCase()
      bytes += known.length + Buffer.byteLength(value)
      if (truncated || bytes > mostFieldBytes) return refuse(new AwsError('MaxPostPreDataLengthExceeded'))
      // Two values of one name could mean one thing to the policy and another to the store.
      if (known === '' || fields.has(known)) return refuse(argument(known, value, 'must be sent once'))
      fields.set(known, value)
    })
    parser.on('file', (_name, file, fileName) => {
      open = file
      // Nobody may be reading yet when it breaks off; who reads is told.
      file.on('error', () => {})
      parser.removeAllListeners('field')
      resolve({ fields, fileName: fileName ?? '', file: knownFaults(file) })
    })
    parser.on('error', () => refuse(new AwsError('MalformedPOSTRequest')))
    parser.once('finish', () => {
      const text = 'POST requires exactly one file upload per request.'
      reject(new AwsError('InvalidArgument', text, { ArgumentName: 'file', ArgumentValue: '0' }))
    })
    raw.once('error', () => refuse(new AwsError('IncompleteBody')))
    raw.once('close', () => raw.complete || refuse(new AwsError('IncompleteBody')))
    raw.pipe(parser)
  })
}

function createParser(raw: IncomingMessage) {
  try {
    return new Busboy({
      headers: { ...raw.headers, 'content-type': raw.headers['content-type'] ?? '' },
      limits: { fieldSize: mostFieldBytes, headerSize: 8_192, fields: 100 },
      isPartAFile: name => name?.toLowerCase() === 'file',
    })
  } catch {
    throw new AwsError('MalformedPOSTRequest')
  }
}

async function* knownFaults(file: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  try {
    yield* file
  } catch (error) {
    throw error instanceof AwsError ? error : new AwsError('MalformedPOSTRequest')
  }
}

function argument(name: string, value: string, why: string): AwsError {
  return new AwsError('InvalidArgument', `POST field "${name}" ${why}`, { ArgumentName: name, ArgumentValue: value })
}
