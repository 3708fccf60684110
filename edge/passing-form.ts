import { AppError } from '../shared/errors.ts'
import { idleLimit } from '../shared/headers.ts'
import { settlesWithin } from '../shared/single-flight.ts'
import { maxFormBytes, tooLarge } from '../shared/upload-limit.ts'
import { join } from './request-body.ts'

/** A form with a file (multipart/form-data, RFC 7578) that goes on to an origin as it comes, and is never held as a whole. */
export type PassingForm = {
  contentType: string
  /** What came first, a few kilobytes: the fields before the file, if they are short. */
  head: Uint8Array
  /**
   * Begins to pass it on; once.
   * @throws AppError `body_too_large` where its length says so beforehand
   */
  begin: () => Passage
  /** Lets go of what has not been passed on, so that it may be drained. */
  release: () => void
}

export type Passage = {
  stream: ReadableStream<Uint8Array>
  /** Ends the passage when it stood still or became too large; `fault` says why. */
  signal: AbortSignal
  fault: () => AppError | undefined
  /**
   * Ends it where it is, when the origin has answered: what was sent ends as a body should, though half of it is missing, and
   * the connection is left whole for whoever has it next.
   */
  stop: () => void
}

const headSize = 4_096
/** Whoever takes the form has the same limit, and should be the first to say that nothing comes. */
const margin = 500

/** Tells whether a request brings a form with a file. */
export function isFileForm({ headers }: Request): boolean {
  return /^multipart\/form-data\s*;/i.test(headers.get('content-type') ?? '')
}

/**
 * Reads the beginning of a form.
 * @param idle how long nothing may pass, in milliseconds
 * @throws AppError `unsupported_media_type`, `invalid_input` without a body, `upload_incomplete` when nothing comes
 */
export async function openForm(request: Request, idle = idleLimit): Promise<PassingForm> {
  if (!isFileForm(request)) throw new AppError('unsupported_media_type')
  if (!request.body) throw noFile()
  const reader = request.body.getReader()
  const release = () => {
    try {
      reader.releaseLock()
    } catch {
      // A read is under way: its client has gone.
    }
  }
  const pieces = await readHead(reader, idle)
  return {
    contentType: request.headers.get('content-type') ?? '',
    head: join(pieces),
    begin() {
      if (Number(request.headers.get('content-length') ?? 0) > maxFormBytes) throw tooLarge()
      return pass(pieces, reader, idle)
    },
    release,
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>
type Piece = Awaited<ReturnType<Reader['read']>>

/** The pieces of a body are as small as its sender and the network please. */
async function readHead(reader: Reader, idle: number): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for (let size = 0; size < headSize; ) {
    const reading = reader.read()
    if (!(await settlesWithin(idle, reading))) throw nothingComes(idle)
    const { done, value } = await reading.catch(cause => Promise.reject(new AppError('upload_incomplete', { cause })))
    if (done) break
    pieces.push(value)
    size += value.byteLength
  }
  if (pieces.every(piece => piece.byteLength === 0)) throw noFile()
  return pieces
}

function pass(pieces: readonly Uint8Array[], reader: Reader, idle: number): Passage {
  const ended = new AbortController()
  const waiting = [...pieces]
  let size = 0
  let waitsForClient = false
  let stopped = false
  let fault: AppError | undefined
  let timer: ReturnType<typeof setTimeout>

  const end = (error: AppError) => {
    fault ??= error
    ended.abort(error)
  }
  const watch = () => {
    clearTimeout(timer)
    const why = () => (waitsForClient ? nothingComes(idle) : new AppError('deadline_exceeded'))
    timer = setTimeout(() => end(why()), idle + margin)
  }
  async function read(): Promise<Piece> {
    waitsForClient = true
    try {
      return await reader.read()
    } catch (cause) {
      if (stopped) return { done: true, value: undefined }
      end(new AppError('upload_incomplete', { cause }))
      throw cause
    } finally {
      waitsForClient = false
    }
  }

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = waiting.shift()
        const { done, value } = next ? { done: false, value: next } : await read()
        if (done || stopped) return controller.close()
        watch()
        size += value.byteLength
        if (size <= maxFormBytes) return controller.enqueue(value)
        end(tooLarge())
        controller.error(fault)
      },
    },
    { highWaterMark: 0 },
  )
  watch()
  const stop = () => {
    stopped = true
    clearTimeout(timer)
  }
  return { stream, signal: ended.signal, fault: () => fault, stop }
}

function noFile(): AppError {
  return new AppError('invalid_input', { errors: [{ field: 'file', message: 'must be chosen' }] })
}

function nothingComes(idle: number): AppError {
  return new AppError('upload_incomplete', { detail: `Nothing came for ${Math.round(idle / 1000)} seconds` })
}
