import { maxUploadBytes, uploadTypes } from '../../../shared/media-limits.ts'
import { createLane } from './lane.ts'
import type { Shrink, Shrunk } from './shrink-worker.ts'
import { Fault, faults } from './words.ts'
import { startWorker } from './worker-url.ts'

/** The longest side of what is sent, in pixels: the largest variant is smaller. */
const side = 2_560
/** After this the file is sent as it is, in milliseconds. */
const patience = 20_000

/** A phone has memory for one decoded photo, not for twelve. */
const one = createLane(1)
let worker: Worker | undefined

/**
 * Gives what is to be sent of a file: smaller and upright where this browser can do that, else the file itself.
 * @throws Fault for what is no picture that anybody could show
 */
export async function shrink(file: File): Promise<Blob> {
  if (file.size === 0) throw new Fault(faults.empty)
  const type = typeOf(file)
  const known = (uploadTypes as readonly string[]).includes(type)
  // A GIF would lose nothing that we keep, and gain nothing.
  if (type === 'image/gif' && file.size <= maxUploadBytes) return withType(file, type)
  if (!known && !type.startsWith('image/')) throw new Fault(faults.unsupported)
  const { blob, failed } = await one(() => ask({ file, side, bytes: maxUploadBytes, keep: known }))
  if (failed && !known) throw new Fault(/hei[cf]/.test(type) ? faults.heic : faults.unsupported)
  const result = blob ?? withType(file, type)
  if (result.size > maxUploadBytes) throw new Fault(faults.too_large)
  return result
}

/** A file's type by what the system says, or by its name where that says nothing. */
function typeOf({ type, name }: File): string {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  if (type) return type.toLowerCase()
  return `${/^(jpe?g|png|webp|avif|gif|hei[cf])$/.test(ending) ? 'image' : 'unknown'}/${ending.replace('jpg', 'jpeg')}`
}

function withType(file: File, type: string): Blob {
  return file.type === type ? file : file.slice(0, file.size, type)
}

/** Never rejects: a worker that cannot start, dies or takes too long has failed, and the next file gets a new one. */
function ask(shrink: Shrink): Promise<Shrunk> {
  return new Promise(resolve => {
    const give = (answer: Shrunk) => {
      clearTimeout(timer)
      resolve(answer)
    }
    const end = () => {
      worker?.terminate()
      worker = undefined
      give({ blob: null, failed: true })
    }
    const timer = setTimeout(end, patience)
    try {
      worker ??= startWorker()
      worker.onmessage = ({ data }: MessageEvent<Shrunk>) => give(data)
      worker.onerror = end
      worker.postMessage(shrink)
    } catch {
      end()
    }
  })
}
