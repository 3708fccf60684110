import { paths } from '../../shared/paths.ts'
import { TextField } from '../components/Field.tsx'
import { Hidden, PostForm } from '../components/Form.tsx'
import type { ResetPage } from '../page-model.ts'
import { withoutSecrets } from './SignIn.tsx'

export function Reset({ token, form }: ResetPage) {
  return (
    <>
      <h1>Set a new password</h1>
      <p class="soft">You will be signed out everywhere, and sign in with the new one.</p>
      <PostForm action={paths.reset()} form={form} labels={{ password: 'New password' }} class="stack">
        <Hidden values={{ token }} />
        <TextField
          form={withoutSecrets(form)}
          name="password"
          label="New password"
          type="password"
          autocomplete="new-password"
          help="At least 12 characters."
        />
        <button type="submit" class="btn sea">
          Set password
        </button>
      </PostForm>
      <p class="aside-links">
        <a href={paths.forgot()}>Send me another link</a>
      </p>
    </>
  )
}
