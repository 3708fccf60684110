import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import Busboy from '@fastify/busboy'
import { AppError } from '../../shared/errors.ts'

/** A file of a form while it comes. */
export type FormFile = { name: string; bytes: AsyncIterable<Uint8Array> }

/** A field is a few words; more of it than this is cut off. */
const limits = { files: 1, fields: 5, parts: 6, fieldSize: 2_000, headerPairs: 20, headerSize: 4_096 }

/**
 * Reads a form (multipart/form-data, RFC 7578) with one file, which is never held as a whole.
 * @param take is given the file named `file` as it comes, and must read all of it or throw; what it throws ends the reading
 * @param idle how long nothing may come, in milliseconds
 * @returns what `take` gives, undefined where no file came; and the fields
 * @throws bad_request for what is no such form; upload_incomplete when it breaks off or stands still; what `take` throws
 */
export async function readForm<T>(
  body: ReadableStream<Uint8Array>,
  contentType: string,
  idle: number,
  take: (file: FormFile) => Promise<T>,
): Promise<{ taken: T | undefined; fields: Map<string, string> }> {
  const form = createParser(contentType)
  const stopped = new AbortController()
  const fields = new Map<string, string>()
  let file: Readable | undefined
  let taking: Promise<T> | undefined
  form.on('field', (name, value) => fields.set(name, value))
  form.on('file', (field, stream, name) => {
    // A form without a chosen file sends one without a name.
    if (field !== 'file' || !name) return void stream.resume()
    file = stream
    taking = take({ name, bytes: stream })
    taking.catch(() => stopped.abort())
  })
  try {
    await pipeline(Readable.from(arriving(body, idle, stopped.signal)), form, { signal: stopped.signal })
    return { taken: await taking, fields }
  } catch (error) {
    file?.destroy(error as Error)
    await taking // throws, after it has cleared up, what ended it
    throw brokenOff(error)
  }
}

function createParser(contentType: string) {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits })
  } catch (cause) {
    throw new AppError('bad_request', { detail: 'The form cannot be read', cause })
  }
}

/** Whatever ends a body before its end: the client has gone, the form is cut off, or nothing comes any more. */
function brokenOff(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError('upload_incomplete', { cause })
}

async function* arriving(body: ReadableStream<Uint8Array>, idle: number, stopped: AbortSignal) {
  const reader = body.getReader()
  const cancel = () => void reader.cancel().catch(() => {})
  stopped.addEventListener('abort', cancel)
  try {
    for (;;) {
      const { done, value } = await unlessIdle(reader.read(), idle)
      if (done) return
      yield value
    }
  } catch (error) {
    throw brokenOff(error)
  } finally {
    cancel()
  }
}

async function unlessIdle<T>(read: Promise<T>, idle: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    const detail = `Nothing came for ${idle / 1000} seconds`
    timer = setTimeout(() => reject(new AppError('upload_incomplete', { detail })), idle)
  })
  try {
    return await Promise.race([read, tooLong])
  } finally {
    clearTimeout(timer)
  }
}
