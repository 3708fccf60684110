import type { Form } from '../page-model.ts'
import type { Tile } from '../photo-tile.ts'
import { faultText, sentence } from './Field.tsx'
import { Glyph } from './Icon.tsx'
import { Photo } from './Photo.tsx'

type Props = { tile: Tile; place: number; count: number; action: string; icons: string; form: Form | null }

/** One photo of the seller's: what it is, how it stands, and plain forms to move, describe and delete it. */
export function PhotoTile({ tile, place, count, action, icons, form }: Props) {
  const name = `Photo ${place}`
  return (
    <li class={`tile ${tile.state}`}>
      <div class="ph">
        <Shown tile={tile} icons={icons} />
        {place === 1 && <b>Cover</b>}
      </div>
      <Standing tile={tile} icons={icons} />
      {tile.id && (
        <form method="post" action={action} class="order">
          <input type="hidden" name="image" value={tile.id} />
          <Step name={name} intent="up" icon="chevron-left" label="earlier" off={place === 1} icons={icons} />
          <Step name={name} intent="down" icon="chevron-right" label="later" off={place === count} icons={icons} />
          <button type="button" class="btn" popovertarget={`tile-${tile.key}`}>
            Edit<span class="sr"> {name.toLowerCase()}</span>
          </button>
        </form>
      )}
      {tile.id && <Sheet tile={tile} id={tile.id} place={place} action={action} icons={icons} form={form} />}
    </li>
  )
}

function Shown({ tile: { image, preview, alt, state }, icons }: { tile: Tile; icons: string }) {
  if (preview && !image) return <img src={preview} alt={alt} />
  if (image) return <Photo image={image} alt={alt} sizes="(max-width:760px) 45vw, 200px" when="soon" />
  return <Glyph icons={icons} name={state === 'processing' ? 'hourglass' : 'image-off'} />
}

/** How it stands, in words; a photo that can be seen needs none. */
function Standing({ tile: { state, fault, progress, fileName }, icons }: { tile: Tile; icons: string }) {
  if (state === 'ready') return null
  if (state === 'failed') {
    return (
      <p class="help err with" title={fileName}>
        <Glyph icons={icons} name="circle-alert" />
        <span>{fault}</span>
      </p>
    )
  }
  if (state === 'sending') {
    return (
      <p class="help">
        <progress max={100} value={progress} aria-label={`Sending ${fileName}`} /> {progress} %
      </p>
    )
  }
  const words = {
    waiting: 'Waits its turn',
    processing: 'Being prepared. It is seen in a moment.',
    unsent: `“${fileName}” was not sent. Delete it, or choose it again below.`,
  }
  return <p class="help">{words[state]}</p>
}

type StepProps = { name: string; intent: string; icon: string; label: string; off: boolean; icons: string }

function Step({ name, intent, icon, label, off, icons }: StepProps) {
  return (
    <button type="submit" class="btn quiet" name="intent" value={intent} disabled={off}>
      <Glyph icons={icons} name={icon} />
      <span class="sr">
        Move {name.toLowerCase()} {label}
      </span>
    </button>
  )
}

type SheetProps = Pick<Props, 'tile' | 'place' | 'action' | 'icons' | 'form'> & { id: string }

/** What is seldom needed; a popover, which opens without JavaScript too. */
function Sheet({ tile, id, place, action, icons, form }: SheetProps) {
  const field = `f-alt-${id}`
  const error = form?.errors.alt ?? form?.problem
  return (
    <div popover="auto" id={`tile-${tile.key}`} class="sheet" role="dialog" aria-label={`Photo ${place}`}>
      <form method="post" action={action}>
        <input type="hidden" name="image" value={id} />
        <div class={error ? 'field bad' : 'field'}>
          <label for={field}>What it shows</label>
          <input
            id={field}
            name="alt"
            value={form?.values.alt ?? tile.alt}
            maxLength={250}
            autocomplete="off"
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={`h-alt-${id}`}
          />
          <p class={error ? 'help err' : 'help'} id={`h-alt-${id}`}>
            {error
              ? form?.errors.alt
                ? faultText('This', error)
                : sentence(error)
              : 'Read aloud to those who do not see it.'}
          </p>
        </div>
        <button type="submit" class="btn sea" name="intent" value="alt">
          Save
        </button>
      </form>
      <form method="post" action={action} class="moves">
        <input type="hidden" name="image" value={id} />
        {place > 1 && (
          <button type="submit" class="btn" name="intent" value="cover">
            <Glyph icons={icons} name="star" />
            Make it the cover
          </button>
        )}
        <details class="sure">
          <summary class="btn quiet">
            <Glyph icons={icons} name="trash-2" />
            Delete
          </summary>
          <p>Delete this photo for good?</p>
          <button type="submit" class="btn bad" name="intent" value="delete">
            Delete for good
          </button>
        </details>
      </form>
      <button type="button" class="btn quiet shut" popovertarget={`tile-${tile.key}`} popovertargetaction="hide">
        Close
      </button>
    </div>
  )
}
