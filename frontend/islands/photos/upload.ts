import { announceImage, completeImage, deleteImage, Refusal } from '../../../shared/image-client.ts'
import type { OwnImage } from '../../../shared/media.ts'
import type { Tile } from '../../photo-tile.ts'
import { createLane } from './lane.ts'
import { send } from './send.ts'
import { shrink } from './shrink.ts'

const atATime = createLane(3)
/** Places are given in the order of announcing, so that photos stand as they were picked. */
const inTurn = createLane(1)

type Job = {
  postId: string
  file: File
  /** What was announced for this file before and never arrived. */
  before: string | null
  signal: AbortSignal
  /** What is new about it; a place in the order may take a moment. */
  report: (change: Partial<Tile>) => unknown
}

/**
 * Takes one file all the way: shrinks it, announces it, sends it, says that it was sent. At most three are on their way.
 * @returns the photo, which is being prepared then
 * @throws Fault, Refusal, or what `signal` was aborted with; what was reported so far stays true
 */
export function upload({ postId, file, before, signal, report }: Job): Promise<OwnImage> {
  return atATime(async () => {
    signal.throwIfAborted()
    report({ state: 'sending', progress: 0 })
    const blob = await shrink(file)
    const announced = await inTurn(async () => {
      signal.throwIfAborted()
      if (before) await deleteImage(before)
      const input = { fileName: nameOf(file), contentType: blob.type, bytes: blob.size, alt: '' }
      const answer = await announceImage(postId, input, signal)
      await report({ id: answer.image.id })
      return answer
    })
    await send(announced.upload, blob, progress => report({ progress }), signal)
    return persist(() => completeImage(announced.image.id, signal), signal)
  })
}

/** A name as the API takes it: nothing but people reads it. */
function nameOf({ name }: File): string {
  return [...name.replace(/\p{Cc}/gu, ' ').trim()].slice(-255).join('') || 'photo.jpg'
}

/** The file has arrived: a moment without a connection must not make anybody send it once more. */
async function persist<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const pause of [1_000, 3_000]) {
    try {
      return await act()
    } catch (error) {
      if (signal.aborted || (error instanceof Refusal && error.status < 500)) throw error
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  }
  return act()
}
