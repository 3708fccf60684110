import { paths } from '../../shared/paths.ts'
import { TextField } from '../components/Field.tsx'
import { Hidden, PostForm } from '../components/Form.tsx'
import { Notice } from '../components/Notice.tsx'
import type { SignInPage } from '../page-model.ts'

export function SignIn({ form, next, notice, pending }: SignInPage) {
  return (
    <>
      <Notice notice={notice} />
      <h1>Sign in</h1>
      {pending && (
        <div class="kept-message">
          <p>Your message is kept. It goes out once you are signed in:</p>
          <blockquote class="text" dir="auto">
            {pending.text}
          </blockquote>
        </div>
      )}
      <PostForm action={paths.signIn()} form={form} labels={{ email: 'E-mail', password: 'Password' }} class="stack">
        {next && <Hidden values={{ next }} />}
        {pending && <Hidden values={{ pendingTo: pending.to, pendingId: pending.id, pendingText: pending.text }} />}
        <TextField form={form} name="email" label="E-mail" type="email" autocomplete="username" />
        <TextField
          form={withoutSecrets(form)}
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
        />
        <button type="submit" class="btn sea">
          {pending ? 'Sign in and send' : 'Sign in'}
        </button>
      </PostForm>
      <p class="aside-links">
        <a href={paths.forgot()}>Forgot your password?</a>
        <a href={paths.register()}>Make an account</a>
      </p>
    </>
  )
}

/** A password is never sent back to the browser. */
export function withoutSecrets<T extends { values: Readonly<Record<string, string>> }>(form: T): T {
  return { ...form, values: { ...form.values, password: '', currentPassword: '' } }
}
