import { availableParallelism } from 'node:os'
import { DecoderLost, type DecoderProcess, type DecoderSettings, startDecoder } from './decoder-process.ts'
import { type EncodedPhoto, PhotoProblem } from './photo.ts'

export type Decoders = {
  /**
   * Makes all that is made of a photo, in a process that may die of it. Waits while as many are under way as may be.
   * @throws PhotoProblem; any other error when no decoder can be started, which is not the photo's fault
   */
  decode: (bytes: Uint8Array) => Promise<EncodedPhoto>
  /** The processes that there are at the moment. */
  pids: () => number[]
}

export type DecodersOptions = Partial<DecoderSettings> & {
  /** Photos at a time, each in a process of its own. */
  atOnce?: number
  /** Milliseconds after which a process that has nothing to do is ended. */
  idleLimit?: number
}

/** Decoders that may die of a photo before it is taken for the cause: the machine may have had a bad moment. */
const tries = 2

/** Decoders for this process: one for each core, started when they are needed and kept while they are. */
export function createDecoders({
  atOnce = availableParallelism(),
  idleLimit = 60_000,
  cpuLimit = 10_000,
  timeLimit = 30_000,
  memoryLimit = 1_200_000_000,
  entry = new URL('./decoder.ts', import.meta.url),
}: DecodersOptions = {}): Decoders {
  let all: DecoderProcess[] = []
  const idle: { decoder: DecoderProcess; timer: NodeJS.Timeout }[] = []
  const waiting: (() => void)[] = []
  let free = atOnce

  return {
    async decode(bytes) {
      if (free > 0) free--
      else await new Promise<void>(resolve => waiting.push(resolve))
      try {
        return await attempt(bytes, tries)
      } finally {
        const next = waiting.shift()
        if (next) next()
        else free++
      }
    },
    pids: () => all.flatMap(({ pid, isAlive }) => (isAlive() ? (pid ?? []) : [])),
  }

  async function attempt(bytes: Uint8Array, left: number): Promise<EncodedPhoto> {
    const decoder = findIdle() ?? (await start())
    const reply = await decoder.ask(bytes).catch(orLost)
    if (reply instanceof DecoderLost) {
      if (reply.overran) throw new PhotoProblem('too_slow', reply.message, { cause: reply })
      if (left > 1) return attempt(bytes, left - 1)
      throw new PhotoProblem('unreadable', reply.message, { cause: reply })
    }
    if ('problem' in reply && reply.ending) decoder.end()
    else keep(decoder)
    if ('photo' in reply) return reply.photo
    throw new PhotoProblem(reply.problem, reply.message)
  }

  function findIdle(): DecoderProcess | undefined {
    for (let kept = idle.pop(); kept; kept = idle.pop()) {
      clearTimeout(kept.timer)
      if (kept.decoder.isAlive()) return kept.decoder
    }
    return undefined
  }

  async function start(): Promise<DecoderProcess> {
    const decoder = await startDecoder({ entry, cpuLimit, timeLimit, memoryLimit })
    all = [...all.filter(({ isAlive }) => isAlive()), decoder]
    return decoder
  }

  /** The one that was used last is used next, so that in quiet times the others end. */
  function keep(decoder: DecoderProcess): void {
    const timer = setTimeout(() => {
      idle.splice(
        idle.findIndex(kept => kept.decoder === decoder),
        1,
      )
      decoder.end()
    }, idleLimit)
    idle.push({ decoder, timer: timer.unref() })
  }
}

function orLost(error: unknown): DecoderLost {
  if (error instanceof DecoderLost) return error
  throw error
}
