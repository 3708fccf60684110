import { deleteImage, describeImage, orderImages } from '../../../shared/image-client.ts'
import type { Tile } from '../../photo-tile.ts'
import type { Desk } from './desk.ts'
import { idsOf, moved, withOwn } from './tiles.ts'
import { faultOf, faults } from './words.ts'

export type Editing = ReturnType<typeof createEditing>

/** Orders, describes and deletes: seen at once, taken back when it is refused. */
export function createEditing(desk: Desk) {
  let ordering = 0

  /** Stores the order as it is seen. @param before what to go back to */
  async function keepOrder(before: readonly Tile[]): Promise<void> {
    ordering += 1
    try {
      const { items } = await orderImages(desk.postId, idsOf(desk.tiles))
      if (ordering === 1) desk.put(withOwn(desk.tiles, items))
    } catch (error) {
      desk.put(before)
      desk.say(`Not moved: ${reasonOf(error)}`)
    } finally {
      ordering -= 1
    }
  }

  function move(key: string, to: number): Promise<void> {
    const before = desk.tiles
    desk.put(moved(before, key, to))
    const place = desk.tiles.findIndex(tile => tile.key === key) + 1
    desk.say(`Photo moved to place ${place} of ${before.length}${place === 1 ? ': it is the cover' : ''}.`)
    return keepOrder(before)
  }

  async function describe(key: string, id: string, alt: string): Promise<boolean> {
    try {
      desk.patch(key, { alt: (await describeImage(id, alt)).alt })
      desk.say('Saved.')
      return true
    } catch (error) {
      desk.refuse({ image: id, form: { values: { alt }, errors: {}, problem: reasonOf(error) } })
      return false
    }
  }

  async function remove(key: string, id: string): Promise<void> {
    const before = desk.tiles
    desk.put(before.filter(tile => tile.key !== key))
    try {
      await deleteImage(id)
      desk.say('The photo is deleted.')
    } catch (error) {
      desk.put(before)
      desk.say(`Not deleted: ${reasonOf(error)}`)
    }
  }

  return { move, keepOrder, describe, remove, isOrdering: () => ordering > 0 }
}

/** Nothing of this goes on by itself when the connection is back. */
function reasonOf(error: unknown): string {
  const { message } = faultOf(error)
  return message === faults.offline ? 'The connection broke. Try it again.' : message
}
