import { uploadTypes } from '../../shared/media-limits.ts'
import type { Form } from '../page-model.ts'
import { faultText, sentence } from './Field.tsx'
import { Glyph } from './Glyph.tsx'

/** No HEIC in the list: phones that see it missing convert what is picked. */
const accept = uploadTypes.join()

type AddProps = { icons: string; pick: (files: readonly File[]) => void; first: boolean }

/** Many files at once, from the device, its camera, by dropping and by pasting. */
export function AddPhotos({ icons, pick, first }: AddProps) {
  const take = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    pick([...(currentTarget.files ?? [])])
    currentTarget.value = ''
  }
  return (
    <div class={first ? 'add first' : 'add'}>
      <label class="btn sea">
        <Glyph icons={icons} name="image-plus" />
        Add photos
        <input type="file" class="sr" accept={accept} multiple onChange={take} />
      </label>
      <label class="btn camera">
        <Glyph icons={icons} name="camera" />
        Take a photo
        <input type="file" class="sr" accept="image/*" capture="environment" onChange={take} />
      </label>
      <p class="help">
        <span class="drop">Or drop them here, or paste one. </span>JPEG, PNG, WebP, AVIF or GIF.
      </p>
    </div>
  )
}

type SendProps = { action: string; icons: string; form: Form | null }

/** Sends one file without a script: `alt` comes first, since the file goes on as a stream. */
export function SendPhoto({ action, icons, form }: SendProps) {
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
          accept={accept}
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
