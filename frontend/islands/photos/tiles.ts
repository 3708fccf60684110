import type { OwnImage } from '../../../shared/media.ts'
import { type Tile, tileOf } from '../../photo-tile.ts'

/** A file that was just picked. */
export function pickedTile(key: string, file: File, change: Partial<Tile> = {}): Tile {
  return {
    key,
    id: null,
    fileName: file.name,
    alt: '',
    state: 'waiting',
    progress: 0,
    fault: null,
    again: true,
    preview: null,
    image: null,
    ...change,
  }
}

/**
 * Brings in what the origin says: its photos in its order, then the files that it has not heard of. What this browser is
 * busy with, or may still send, it knows better; what else is gone there is gone.
 */
export function withOwn(tiles: readonly Tile[], items: readonly OwnImage[]): Tile[] {
  const known = items.map(item => {
    const tile = tiles.find(({ id }) => id === item.id)
    if (!tile) return tileOf(item)
    const { alt } = item
    // What was said when it failed says more than the reason that is kept.
    const failedHere = tile.state === 'failed' && (item.state === 'uploading' || item.state === 'failed')
    if (isBusy(tile) || failedHere) return { ...tile, alt }
    const { key, preview } = tile
    return { ...tileOf(item), key, preview, again: tile.again && mayHelp(item.problem) }
  })
  const rest = tiles.filter(tile => {
    if (known.some(({ key }) => key === tile.key)) return false
    return tile.id === null || isBusy(tile) || (tile.again && tile.state !== 'processing' && tile.state !== 'ready')
  })
  return [...known, ...rest]
}

/** Whether the same file may succeed another time. */
function mayHelp(problem: OwnImage['problem']): boolean {
  return problem === null || problem === 'too_slow' || problem === 'lost'
}

/** Which photo others see first; one that failed they do not see. */
export function coverOf(tiles: readonly Tile[]): Tile | undefined {
  return tiles.find(({ state }) => state !== 'failed')
}

/** Whether this browser still has to do something for it. */
export function isBusy({ state }: Tile): boolean {
  return state === 'waiting' || state === 'sending'
}

/** Moves a photo to a place, from 0. */
export function moved(tiles: readonly Tile[], key: string, to: number): Tile[] {
  const tile = tiles.find(each => each.key === key)
  const rest = tiles.filter(each => each.key !== key)
  return tile ? rest.toSpliced(Math.max(0, Math.min(to, rest.length)), 0, tile) : [...tiles]
}

/** The order as the origin takes it. */
export function idsOf(tiles: readonly Tile[]): string[] {
  return tiles.flatMap(({ id }) => id ?? [])
}

/** How a batch stands, in one line; empty when there is nothing to say. */
export function standing(tiles: readonly Tile[]): string {
  const count = (...states: Tile['state'][]) => tiles.filter(({ state }) => states.includes(state)).length
  const [busy, preparing, failed] = [count('waiting', 'sending'), count('processing'), count('failed')]
  const parts = [
    busy && `${busy} on the way`,
    preparing && `${preparing} being prepared`,
    failed && `${failed} in need of a look`,
  ].filter(Boolean)
  return parts.length > 0 ? `${parts.join(', ')}.` : ''
}
