import type { Desk } from './desk.ts'
import { forgetFile, keptFiles } from './kept-files.ts'
import { pickedTile } from './tiles.ts'

/** Offers again what was picked for this post and had not arrived when its page was left. */
export async function offerKept(desk: Desk, hold: (key: string, file: File) => void): Promise<void> {
  for (const { key, id, file } of await keptFiles(desk.postId)) {
    const known = id ? desk.tiles.find(tile => tile.id === id) : undefined
    if (known && known.state !== 'unsent') {
      void forgetFile(key)
      continue
    }
    hold(key, file)
    const change = { key, id, preview: URL.createObjectURL(file), again: true }
    if (known) desk.patch(known.key, change)
    else desk.put([...desk.tiles, pickedTile(key, file, { ...change, state: 'unsent' })])
  }
}
