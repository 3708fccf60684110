import type { PhotosPage } from '../../page-model.ts'
import type { Tile } from '../../photo-tile.ts'

type Refused = PhotosPage['refused']

/** The photos that are on the table, and what was said last; whoever changes either has it drawn again. */
export type Desk = {
  readonly postId: string
  readonly tiles: readonly Tile[]
  readonly said: string
  /** The form that was refused last. */
  readonly refused: Refused
  find: (key: string) => Tile | undefined
  put: (tiles: readonly Tile[]) => void
  patch: (key: string, change: Partial<Tile>) => void
  /** To those who do not see it happen. */
  say: (words: string) => void
  refuse: (refused: Refused) => void
}

/** @param draw called once after any number of changes in a row */
export function createDesk(
  { postId, tiles: first, refused: before }: { postId: string; tiles: readonly Tile[]; refused: Refused },
  draw: () => void,
): Desk {
  let tiles = first
  let refused = before
  let said = ''
  let planned = false

  function plan(): void {
    if (planned) return
    planned = true
    queueMicrotask(() => {
      planned = false
      draw()
    })
  }
  function put(next: readonly Tile[]): void {
    tiles = next
    plan()
  }
  return {
    postId,
    get tiles() {
      return tiles
    },
    get said() {
      return said
    },
    get refused() {
      return refused
    },
    find: key => tiles.find(tile => tile.key === key),
    put,
    patch: (key, change) => put(tiles.map(tile => (tile.key === key ? { ...tile, ...change } : tile))),
    say(words) {
      said = words
      plan()
    },
    refuse(next) {
      refused = next
      plan()
    },
  }
}
