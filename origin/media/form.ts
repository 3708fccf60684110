import type { Readable } from 'node:stream'
import Busboy from '@fastify/busboy'
import { AppError } from '../../shared/errors.ts'
import { tooLarge } from '../../shared/upload-limit.ts'

/** A file of a form while it comes. */
export type FormFile = { name: string; bytes: AsyncIterable<Uint8Array> }

/** How much may come in all, in bytes, and how long nothing may come, in milliseconds. */
type Bounds = { maxBytes: number; idle: number }

/** A field is a few words; more of it than this is cut off. */
const limits = { files: 1, fields: 5, parts: 6, fieldSize: 2_000, headerPairs: 20, headerSize: 4_096 }

/** What may be under way between the edge and here when the edge learns that it may stop, in bytes. */
const mostForgotten = 4 * 1024 * 1024

/**
 * Reads a form (multipart/form-data, RFC 7578) with one file, which is never held as a whole.
 * @param take is given the file named `file` as it comes, and must read all of it or throw; what it throws ends the reading
 * @returns what `take` gives, undefined where no file came; and the fields
 * @throws bad_request for what is no such form; upload_incomplete when it breaks off or stands still; body_too_large; what `take` throws
 */
export async function readForm<T>(
  body: ReadableStream<Uint8Array>,
  contentType: string,
  bounds: Bounds,
  take: (file: FormFile) => Promise<T>,
): Promise<{ taken: T | undefined; fields: Map<string, string> }> {
  const form = createParser(contentType)
  const fields = new Map<string, string>()
  const finished = Promise.withResolvers<void>()
  finished.promise.catch(() => {}) // heard by whoever waits for it at that moment
  let file: Readable | undefined
  let taking: Promise<T> | undefined
  form.on('field', (name, value) => fields.set(name, value))
  form.on('file', (field, stream, name) => {
    stream.on('error', () => {}) // heard by its reader, if it has one
    // A form without a chosen file sends one without a name.
    if (field !== 'file' || !name) return void stream.resume()
    file = stream
    taking = take({ name, bytes: stream })
    taking.catch(finished.reject)
  })
  form.on('finish', finished.resolve)
  form.on('error', cause => finished.reject(new AppError('bad_request', { detail: 'The form cannot be read', cause })))
  try {
    await pour(body, form, bounds, finished.promise)
    return { taken: await taking, fields }
  } catch (error) {
    file?.destroy(error as Error)
    await taking?.catch(() => {}) // until it has cleared up
    throw error
  }
}

function createParser(contentType: string) {
  try {
    return new Busboy({ headers: { 'content-type': contentType as 'multipart/form-data' }, limits })
  } catch (cause) {
    throw new AppError('bad_request', { detail: 'The form cannot be read', cause })
  }
}

/**
 * Hands a body on piece by piece, no faster than it is taken, until all is taken or `finished` fails. It is bounded as a whole:
 * what follows the file, or stands in a field, would be read for as long as it comes.
 */
async function pour(
  body: ReadableStream<Uint8Array>,
  form: NodeJS.WritableStream,
  { maxBytes, idle }: Bounds,
  finished: Promise<void>,
): Promise<void> {
  const failed = finished.then(() => new Promise<never>(() => {}))
  const reader = body.getReader()
  let bytes = 0
  try {
    for (;;) {
      const { done, value } = await Promise.race([unlessIdle(reader.read(), idle), failed])
      if (done) break
      bytes += value.byteLength
      if (bytes > maxBytes) throw tooLarge()
      if (!form.write(value)) await Promise.race([new Promise(resolve => form.once('drain', resolve)), failed])
    }
    form.end()
    await finished
  } finally {
    void forgetRest(reader)
  }
}

/**
 * Reads and forgets what still comes of a form that was refused: left unread, its connection would break under the answer, and
 * under whoever is sent by it next (RFC 9112 §9.6). The edge ends a form that was answered; nothing is waited for here.
 */
async function forgetRest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    for (let left = mostForgotten; left > 0; ) {
      const { done, value } = await reader.read()
      if (done) return
      left -= value.byteLength
    }
    await reader.cancel()
  } catch {
    // The client has gone.
  }
}

/** @throws upload_incomplete when nothing comes any more, or the client has gone */
async function unlessIdle<T>(read: Promise<T>, idle: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    const detail = `Nothing came for ${idle / 1000} seconds`
    timer = setTimeout(() => reject(new AppError('upload_incomplete', { detail })), idle)
  })
  const broken = read.catch(cause => {
    throw new AppError('upload_incomplete', { cause })
  })
  try {
    return await Promise.race([broken, tooLong])
  } finally {
    clearTimeout(timer)
  }
}
