import type { Form } from '../page-model.ts'
import type { Tile } from '../photo-tile.ts'
import { Glyph } from './Glyph.tsx'
import { Photo } from './Photo.tsx'
import { PhotoSheet } from './PhotoSheet.tsx'

export type PhotoActs = {
  again: (key: string) => unknown
  cancel: (key: string) => unknown
  /** This browser cannot show the file. */
  unseen: (key: string) => void
  /** A form of a photo was sent. */
  submit: (event: SubmitEvent, tile: Tile) => unknown
}

type Props = {
  tile: Tile
  place: number
  count: number
  cover: boolean
  action: string
  icons: string
  form: Form | null
  acts: PhotoActs | undefined
}

/** One photo of the seller's: what it is, how it stands, and plain forms to move, describe and delete it. */
export function PhotoTile({ tile, place, count, cover, action, icons, form, acts }: Props) {
  const name = `photo ${place}`
  const onSubmit = acts && ((event: SubmitEvent) => acts.submit(event, tile))
  const failed = tile.state === 'failed'
  const underWay = tile.state === 'waiting' || tile.state === 'sending'
  return (
    <li class={`tile ${tile.state}`} data-key={tile.key}>
      <div class="ph">
        <Shown tile={tile} icons={icons} acts={acts} />
        {cover && <b>Cover</b>}
      </div>
      <Standing tile={tile} icons={icons} />
      {acts &&
      (underWay || !tile.id || tile.again || failed) &&
      tile.state !== 'ready' &&
      tile.state !== 'processing' ? (
        <div class="order">
          {!underWay && tile.again && (
            <button type="button" class="btn" onClick={() => acts.again(tile.key)}>
              {tile.state === 'unsent' ? 'Send' : 'Try again'}
              <span class="sr"> {name}</span>
            </button>
          )}
          <button type="button" class="btn quiet" onClick={() => acts.cancel(tile.key)}>
            {underWay ? 'Cancel' : 'Remove'}
            <span class="sr"> {name}</span>
          </button>
        </div>
      ) : (
        tile.id && (
          <form method="post" action={action} class="order" onSubmit={onSubmit}>
            <input type="hidden" name="image" value={tile.id} />
            {failed ? (
              <button type="submit" class="btn quiet" name="intent" value="delete">
                Remove<span class="sr"> {name}</span>
              </button>
            ) : (
              <>
                <Step name={name} intent="up" icon="chevron-left" label="earlier" off={place === 1} icons={icons} />
                <Step
                  name={name}
                  intent="down"
                  icon="chevron-right"
                  label="later"
                  off={place === count}
                  icons={icons}
                />
                <button type="button" class="btn" popovertarget={`tile-${tile.key}`}>
                  Edit<span class="sr"> {name}</span>
                </button>
              </>
            )}
          </form>
        )
      )}
      {tile.id && !failed && (
        <PhotoSheet
          tile={tile}
          id={tile.id}
          place={place}
          cover={cover}
          action={action}
          icons={icons}
          form={form}
          onSubmit={onSubmit}
        />
      )}
    </li>
  )
}

type ShownProps = { tile: Tile; icons: string; acts: PhotoActs | undefined }

function Shown({ tile: { key, image, preview, alt, state }, icons, acts }: ShownProps) {
  if (!image && !preview) return <Glyph icons={icons} name={state === 'processing' ? 'hourglass' : 'image-off'} />
  return (
    <>
      {preview && <img src={preview} alt={image ? '' : alt} onError={() => acts?.unseen(key)} />}
      {image && (
        <Photo image={image} alt={alt} sizes="(max-width:760px) 45vw,200px" when="soon" bare={preview !== null} />
      )}
    </>
  )
}

/** How it stands, in words; a photo that can be seen needs none. */
function Standing({ tile: { state, fault, progress, fileName, again }, icons }: { tile: Tile; icons: string }) {
  if (state === 'ready') return null
  if (state === 'failed') {
    return (
      <p class="help err with">
        <Glyph icons={icons} name="circle-alert" />
        <span>{fault}</span>
      </p>
    )
  }
  if (state === 'sending') {
    return (
      <p class="help">
        <progress max={100} value={progress} aria-label={`Sending ${fileName}`} />
      </p>
    )
  }
  const words = {
    waiting: 'Waits its turn.',
    processing: 'Being prepared. It is seen in a moment.',
    unsent: again ? 'was not sent yet.' : 'was not sent. Delete it, or choose it again.',
  }
  // A name may be of any direction and length.
  return (
    <p class="help">
      {state === 'unsent' && <bdi>{fileName} </bdi>}
      {words[state]}
    </p>
  )
}

type StepProps = { name: string; intent: string; icon: string; label: string; off: boolean; icons: string }

function Step({ name, intent, icon, label, off, icons }: StepProps) {
  return (
    <button type="submit" class="btn quiet" name="intent" value={intent} disabled={off}>
      <Glyph icons={icons} name={icon} />
      <span class="sr">
        Move {name} {label}
      </span>
    </button>
  )
}
