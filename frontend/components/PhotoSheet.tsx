import type { Form } from '../page-model.ts'
import type { Tile } from '../photo-tile.ts'
import { faultText, sentence } from './Field.tsx'
import { Glyph } from './Glyph.tsx'

type Props = {
  tile: Tile
  id: string
  place: number
  cover: boolean
  action: string
  icons: string
  /** As it was sent, when that was refused. */
  form: Form | null
  onSubmit: ((event: SubmitEvent) => unknown) | undefined
}

/** What is seldom needed for a photo; a popover, which opens without JavaScript too. */
export function PhotoSheet({ tile, id, place, cover, action, icons, form, onSubmit }: Props) {
  const field = `f-alt-${id}`
  const error = form?.errors.alt ?? form?.problem
  const words = form?.errors.alt ? faultText('This', form.errors.alt) : error && sentence(error)
  return (
    <div popover="auto" id={`tile-${tile.key}`} class="sheet" role="dialog" aria-labelledby={`h-${tile.key}`}>
      <h2 id={`h-${tile.key}`}>Photo {place}</h2>
      <form method="post" action={action} onSubmit={onSubmit}>
        <input type="hidden" name="image" value={id} />
        <div class={error ? 'field bad' : 'field'}>
          <label for={field}>What it shows</label>
          <input
            id={field}
            name="alt"
            // Not `value`: whatever else is drawn anew meanwhile would undo what is being typed.
            defaultValue={form?.values.alt ?? tile.alt}
            maxLength={250}
            autocomplete="off"
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={`h-alt-${id}`}
          />
          <p class={error ? 'help err' : 'help'} id={`h-alt-${id}`}>
            {words ?? 'Read aloud to those who do not see it.'}
          </p>
        </div>
        <button type="submit" class="btn sea" name="intent" value="alt">
          Save
        </button>
      </form>
      <form method="post" action={action} class="moves" onSubmit={onSubmit}>
        <input type="hidden" name="image" value={id} />
        {!cover && (
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
