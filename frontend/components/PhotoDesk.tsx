import { maxImagesPerPost } from '../../shared/media-limits.ts'
import { coverOf, isBusy, standing } from '../islands/photos/tiles.ts'
import type { PhotosPage } from '../page-model.ts'
import type { Tile } from '../photo-tile.ts'
import { AddPhotos, SendPhoto } from './AddPhotos.tsx'
import { faultText, sentence } from './Field.tsx'
import { Glyph } from './Glyph.tsx'
import { type PhotoActs, PhotoTile } from './PhotoTile.tsx'

export type DeskActs = PhotoActs & { pick: (files: readonly File[]) => void; againAll: () => void }

export type DeskProps = {
  action: string
  icons: string
  tiles: readonly Tile[]
  refused: PhotosPage['refused']
}

/**
 * The seller's photos as a grid, and how more are added. Without `acts` it is plain HTML, whose forms need no script; with
 * them the same grid is alive.
 */
export function PhotoDesk({
  action,
  icons,
  tiles,
  refused,
  said,
  acts,
}: DeskProps & { said?: string; acts?: DeskActs }) {
  return (
    <>
      {refused && <Refused refused={refused} tiles={tiles} icons={icons} opens={!acts} />}
      {tiles.length > 0 && (
        <ul class="tiles" aria-label="Photos">
          {tiles.map((tile, index) => (
            <PhotoTile
              key={tile.key}
              tile={tile}
              place={index + 1}
              count={tiles.length}
              cover={tile === coverOf(tiles)}
              action={action}
              icons={icons}
              form={refused?.image === tile.id ? refused.form : null}
              acts={acts}
            />
          ))}
        </ul>
      )}
      {acts && <Batch tiles={tiles} said={said ?? ''} acts={acts} icons={icons} />}
      {tiles.length >= maxImagesPerPost ? (
        <p class="notice">
          <Glyph icons={icons} name="circle-check" />
          These are all {maxImagesPerPost} photos that a post holds. Delete one to add another.
        </p>
      ) : acts ? (
        <AddPhotos icons={icons} pick={acts.pick} first={tiles.length === 0} />
      ) : (
        <SendPhoto action={action} icons={icons} form={refused?.image === null ? refused.form : null} />
      )}
    </>
  )
}

type RefusedProps = Pick<DeskProps, 'tiles' | 'icons'> & {
  refused: NonNullable<DeskProps['refused']>
  /** Whether the page opens with it. */
  opens: boolean
}

/** Says first of all what was refused: the form itself is in a sheet that is closed, below many photos, or not there any more. */
function Refused({ refused: { image, form }, tiles, icons, opens }: RefusedProps) {
  const { file, alt } = form.errors
  const words = file ? faultText('The photo', file) : alt ? faultText('What it shows', alt) : form.problem
  const place = image ? tiles.findIndex(({ id }) => id === image) + 1 : 0
  if (!words) return null
  return (
    <div class="problems" role="alert" tabIndex={-1} autofocus={opens}>
      <Glyph icons={icons} name="circle-alert" />
      <p>
        {place > 0 && `Photo ${place}: `}
        {sentence(words)}
      </p>
    </div>
  )
}

type BatchProps = { tiles: readonly Tile[]; said: string; acts: DeskActs; icons: string }

/** How all of them stand, said to the eye and politely to the ear, and one button for all that may be sent again. */
function Batch({ tiles, said, acts, icons }: BatchProps) {
  const again = tiles.filter(({ state, again: may }) => may && (state === 'failed' || state === 'unsent'))
  const unsent = again.length > 0 && again.every(({ state }) => state === 'unsent')
  return (
    <div class={tiles.some(isBusy) ? 'batch busy' : 'batch'}>
      <p class="help">{standing(tiles)}</p>
      <p class="help" role="status">
        {said}
      </p>
      {again.length > 0 && (
        <button type="button" class="btn" onClick={acts.againAll}>
          <Glyph icons={icons} name="rotate-cw" />
          {unsent ? 'Send what was not sent' : again.length > 1 ? 'Try all again' : 'Try again'}
        </button>
      )}
    </div>
  )
}
