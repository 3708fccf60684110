import { type ChildProcess, fork } from 'node:child_process'
import * as z from 'zod'
import { ImageProblem } from '../../shared/media.ts'
import { EncodedPhoto } from './photo.ts'

export type DecoderSettings = {
  /** What is run: `decoder.ts`. */
  entry: URL
  /** Milliseconds of its core that a photo may take. */
  cpuLimit: number
  /** Milliseconds by the clock that a photo may take: it may hang, or get nothing of its core. */
  timeLimit: number
  /** Bytes of memory that it may take. */
  memoryLimit: number
}

export type DecoderProcess = {
  pid: number | undefined
  isAlive: () => boolean
  /** Has one photo decoded. @throws DecoderLost; it is of no use any more */
  ask: (bytes: Uint8Array) => Promise<Reply>
  end: () => void
}

/** Milliseconds that a decoder has to start, on however busy a machine. */
const startLimit = 30_000
/** How much a decoder stands behind whatever answers somebody who waits (nice). */
export const decoderNiceness = 5

const Reply = z.union([
  z.object({ photo: EncodedPhoto }),
  z.object({
    problem: ImageProblem,
    message: z.string().max(2_000),
    /** It ends itself now. */
    ending: z.boolean().default(false),
  }),
])
export type Reply = z.infer<typeof Reply>

/** A decoder that gave no answer: it died or was killed, for taking too long perhaps. */
export class DecoderLost extends Error {
  readonly overran: boolean
  constructor(message: string, overran = false) {
    super(message)
    this.overran = overran
  }
}

/**
 * Starts a decoder: one core, one photo at a time, none of this process's settings and secrets. It keeps nobody from ending, and
 * ends when this process does.
 * @throws {Error} with what it said last when it cannot start
 */
export async function startDecoder(settings: DecoderSettings): Promise<DecoderProcess> {
  const { entry, memoryLimit, cpuLimit } = settings
  const child = fork(entry, [memoryLimit, cpuLimit, decoderNiceness].map(String), {
    env: {
      ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
      UV_THREADPOOL_SIZE: '1', // the threads in which libvips works
      MALLOC_ARENA_MAX: '2', // glibc would keep for each thread what another could use
    },
    execArgv: ['--max-old-space-size=128'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  child.stderr?.on('data', chunk => {
    said = (said + chunk).slice(-2_000)
  })
  child.on('error', () => {}) // 'exit' and the failing `send` tell the same
  keepAlive(child, false)
  const end = () => {
    child.kill('SIGKILL')
    if (child.connected) child.disconnect()
  }
  try {
    await nextMessage(child, startLimit)
  } catch (cause) {
    end()
    throw new Error(`Cannot start a decoder of photos: ${said || cause}`, { cause })
  }
  return {
    pid: child.pid,
    isAlive: () => child.connected,
    end,
    async ask(bytes) {
      keepAlive(child, true)
      try {
        const answered = nextMessage(child, settings.timeLimit)
        child.send(bytes, () => {})
        const reply = Reply.safeParse(await answered)
        if (!reply.success) throw new DecoderLost(`It answered nonsense: ${reply.error.message}`)
        return reply.data
      } catch (error) {
        end()
        throw error
      } finally {
        keepAlive(child, false)
      }
    },
  }
}

/** Whether this process waits for a child. */
function keepAlive(child: ChildProcess, wanted: boolean): void {
  const handles = [child, child.channel, child.stderr] as ({ ref?: () => void; unref?: () => void } | null)[]
  for (const handle of handles) wanted ? handle?.ref?.() : handle?.unref?.()
}

/** @throws DecoderLost */
function nextMessage(child: ChildProcess, timeLimit: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer)
      child.off('message', onMessage).off('exit', onGone).off('disconnect', onGone)
    }
    const timer = setTimeout(() => {
      settle()
      reject(new DecoderLost(`It took longer than ${timeLimit} ms`, true))
    }, timeLimit)
    const onMessage = (message: unknown) => {
      settle()
      resolve(message)
    }
    // What it said last may still be on its way when it has ended.
    const onGone = () => {
      const how = child.signalCode ?? child.exitCode
      if (child.connected || how === null) return
      settle()
      reject(new DecoderLost(`It ended with ${how}`))
    }
    child.on('message', onMessage).on('exit', onGone).on('disconnect', onGone)
  })
}
