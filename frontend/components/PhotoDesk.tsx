import { maxImagesPerPost, uploadTypes } from '../../shared/media.ts'
import type { Form, PhotosPage } from '../page-model.ts'
import type { Tile } from '../photo-tile.ts'
import { faultText, sentence } from './Field.tsx'
import { Glyph } from './Icon.tsx'
import { PhotoTile } from './PhotoTile.tsx'

export type DeskProps = {
  action: string
  icons: string
  tiles: readonly Tile[]
  refused: PhotosPage['refused']
}

/** The seller's photos as a grid, and the form that sends one more. */
export function PhotoDesk({ action, icons, tiles, refused }: DeskProps) {
  const full = tiles.length >= maxImagesPerPost
  return (
    <>
      {tiles.length > 0 && (
        <ul class="tiles" aria-label="Photos">
          {tiles.map((tile, index) => (
            <PhotoTile
              key={tile.key}
              tile={tile}
              place={index + 1}
              count={tiles.length}
              action={action}
              icons={icons}
              form={refused?.image === tile.id ? refused.form : null}
            />
          ))}
        </ul>
      )}
      {full ? (
        <p class="notice">
          <Glyph icons={icons} name="circle-check" />
          That are all {maxImagesPerPost} photos. Delete one to send another.
        </p>
      ) : (
        <SendForm action={action} icons={icons} form={refused?.image === null ? refused.form : null} />
      )}
    </>
  )
}

/** Sends one file, described or not: `alt` comes first, since the file goes on as a stream. */
function SendForm({ action, icons, form }: Pick<DeskProps, 'action' | 'icons'> & { form: Form | null }) {
  const error = form?.errors.file ?? form?.problem
  return (
    <form method="post" action={action} encType="multipart/form-data" class="box send">
      <div class={form?.errors.alt ? 'field bad' : 'field'}>
        <label for="f-alt">
          What it shows <small>Optional. Read aloud to those who do not see it.</small>
        </label>
        <input id="f-alt" name="alt" maxLength={250} autocomplete="off" value={form?.values.alt ?? ''} />
        {form?.errors.alt && <p class="help err">{faultText('This', form.errors.alt)}</p>}
      </div>
      <div class={error ? 'field bad' : 'field'}>
        <label for="f-file">Photo</label>
        <input
          id="f-file"
          type="file"
          name="file"
          accept={uploadTypes.join()}
          required
          aria-invalid={error ? 'true' : undefined}
          aria-describedby="h-file"
        />
        <p class={error ? 'help err' : 'help'} id="h-file" role={error ? 'alert' : undefined}>
          {error
            ? form?.errors.file
              ? faultText('The photo', error)
              : sentence(error)
            : 'JPEG, PNG, WebP, AVIF or GIF, up to 15 MB.'}
        </p>
      </div>
      <button type="submit" class="btn sea">
        <Glyph icons={icons} name="image-plus" />
        Send photo
      </button>
    </form>
  )
}
