import { deleteImage, orderImages } from '../../../shared/image-client.ts'
import { maxImagesPerPost } from '../../../shared/media-limits.ts'
import type { Desk } from './desk.ts'
import { forgetFile, keepFile } from './kept-files.ts'
import { idsOf, isBusy, pickedTile } from './tiles.ts'
import { upload } from './upload.ts'
import { faultOf, faults } from './words.ts'

/**
 * Picks, sends, stops and tries again. A file is kept on this device until it has arrived.
 * @param arrived told when there is something to look out for
 */
export function createSending(desk: Desk, arrived: () => void) {
  const { postId } = desk
  const files = new Map<string, File>()
  const stops = new Map<string, AbortController>()

  function add(picked: readonly File[]): void {
    const taken = picked.slice(0, Math.max(0, maxImagesPerPost - desk.tiles.length))
    for (const file of taken) {
      const key = crypto.randomUUID()
      files.set(key, file)
      desk.put([...desk.tiles, pickedTile(key, file, { preview: URL.createObjectURL(file) })])
      void keepFile({ key, postId, id: null, file, at: Date.now() })
      void start(key)
    }
    const left = picked.length - taken.length
    desk.say(
      `${countOf(taken.length)} added.${left > 0 ? ` ${countOf(left)} left out: a post holds ${maxImagesPerPost}.` : ''}`,
    )
  }

  async function start(key: string): Promise<void> {
    const [file, tile] = [files.get(key), desk.find(key)]
    if (!file || !tile || stops.has(key)) return
    const stop = new AbortController()
    stops.set(key, stop)
    desk.patch(key, { state: 'waiting', fault: null, progress: 0 })
    try {
      const report = (change: object) => {
        desk.patch(key, change)
        return 'id' in change ? settle(key, file) : undefined
      }
      await upload({ postId, file, before: tile.id, signal: stop.signal, report })
      desk.patch(key, { state: 'processing' })
      void forgetFile(key)
      arrived()
    } catch (error) {
      if (stop.signal.aborted) return
      const { message, again } = faultOf(error)
      desk.patch(key, { state: 'failed', fault: message, again })
      desk.say(`${isolated(file.name)}: ${message}`)
      if (!again) void forgetFile(key)
    } finally {
      stops.delete(key)
      const over = stops.size === 0 && desk.find(key)?.state === 'processing'
      if (over && !desk.tiles.some(({ state }) => state === 'failed')) desk.say('All photos are sent.')
    }
  }

  /** It is announced: remembers that, and puts it back into its place when others were announced before it. */
  async function settle(key: string, file: File): Promise<void> {
    const id = desk.find(key)?.id ?? null
    await keepFile({ key, postId, id, file, at: Date.now() })
    const ids = idsOf(desk.tiles)
    if (ids.at(-1) !== id) await orderImages(postId, ids).catch(() => {})
  }

  function again(where: (fault: string | null) => boolean = () => true): void {
    for (const { key, state, again: may, fault } of desk.tiles) {
      if ((state === 'failed' || state === 'unsent') && may && where(fault)) void start(key)
    }
  }

  async function cancel(key: string): Promise<void> {
    const tile = desk.find(key)
    stops.get(key)?.abort(new DOMException('Stopped', 'AbortError'))
    desk.put(desk.tiles.filter(each => each.key !== key))
    desk.say(`${isolated(tile?.fileName ?? 'It')} is ${tile && isBusy(tile) ? 'not sent' : 'removed'}.`)
    files.delete(key)
    await forgetFile(key)
    if (tile?.id) await deleteImage(tile.id).catch(() => {})
  }

  return {
    add,
    again: (key: string) => start(key),
    againAll: () => again(),
    online: () => again(fault => fault === faults.offline),
    cancel,
    /** Knows the file of a photo that is offered again. */
    hold: (key: string, file: File) => void files.set(key, file),
  }
}

/** A name may run the other way than the words around it (UAX #9 §2.4). */
function isolated(name: string): string {
  return `\u2068${name}\u2069`
}

function countOf(count: number): string {
  return count === 1 ? '1 photo' : `${count} photos`
}
