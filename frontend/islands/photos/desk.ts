import type { Tile } from '../../photo-tile.ts'

/** The photos that are on the table, and what was said last; whoever changes either has it drawn again. */
export type Desk = {
  readonly postId: string
  readonly tiles: readonly Tile[]
  readonly said: string
  find: (key: string) => Tile | undefined
  put: (tiles: readonly Tile[]) => void
  patch: (key: string, change: Partial<Tile>) => void
  /** To those who do not see it happen. */
  say: (words: string) => void
}

/** @param draw called once after any number of changes in a row */
export function createDesk(postId: string, first: readonly Tile[], draw: () => void): Desk {
  let tiles = first
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
    find: key => tiles.find(tile => tile.key === key),
    put,
    patch: (key, change) => put(tiles.map(tile => (tile.key === key ? { ...tile, ...change } : tile))),
    say(words) {
      said = words
      plan()
    },
  }
}
