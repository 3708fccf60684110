import { paths } from '../../shared/paths.ts'
import { TextField } from '../components/Field.tsx'
import { PostForm } from '../components/Form.tsx'
import { Icon } from '../components/Icon.tsx'
import type { ForgotPage } from '../page-model.ts'

export function Forgot({ form, sent }: ForgotPage) {
  if (sent) {
    return (
      <div class="empty">
        <span class="sign">
          <Icon name="mail" />
        </span>
        <h1>Look in your mail</h1>
        <p>
          If there is an account for that address, a link to set a new password is on its way. It works for one hour.
        </p>
        <a class="btn" href={paths.signIn()}>
          Back to sign-in
        </a>
      </div>
    )
  }
  return (
    <>
      <h1>Forgot your password?</h1>
      <p class="soft">Write your address. We send a link to set a new one.</p>
      <PostForm action={paths.forgot()} form={form} labels={{ email: 'E-mail' }} class="stack">
        <TextField form={form} name="email" label="E-mail" type="email" autocomplete="username" />
        <button type="submit" class="btn sea">
          Send the link
        </button>
      </PostForm>
    </>
  )
}
