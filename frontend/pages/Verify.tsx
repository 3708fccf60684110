import { paths } from '../../shared/paths.ts'
import { TextField } from '../components/Field.tsx'
import { Hidden, PostForm } from '../components/Form.tsx'
import { Icon } from '../components/Icon.tsx'
import { emptyForm, type VerifyPage } from '../page-model.ts'

export function Verify(page: VerifyPage) {
  if (page.state === 'resend') {
    return (
      <>
        <h1>Send the mail again</h1>
        <p class="soft">Look in your spam folder first. The newest link is the one that works.</p>
        <PostForm action={paths.resend()} form={page.form} labels={{ email: 'E-mail' }} class="stack">
          <TextField form={page.form} name="email" label="E-mail" type="email" autocomplete="email" />
          <button type="submit" class="btn sea">
            Send again
          </button>
        </PostForm>
      </>
    )
  }
  if (page.state === 'sent') return <Sent email={page.email} />
  return (
    <div class="empty">
      <span class="sign">
        <Icon name="mail" />
      </span>
      <h1>One more step</h1>
      <p>Confirm that this address is yours, and you are signed in.</p>
      <PostForm action={paths.verify()} form={page.form}>
        <Hidden values={{ token: page.token }} />
        <button type="submit" class="btn sea">
          Confirm my address
        </button>
      </PostForm>
      {page.form.problem && <a href={paths.resend()}>Send me another link</a>}
    </div>
  )
}

function Sent({ email }: { email: string | null }) {
  return (
    <div class="empty">
      <span class="sign">
        <Icon name="mail" />
      </span>
      <h1>Look in your mail</h1>
      <p>
        We sent a link to {email ? <bdi>{email}</bdi> : 'your address'}. Follow it to finish. It works for 24 hours.
      </p>
      {email ? (
        <PostForm action={paths.resend()} form={emptyForm}>
          <Hidden values={{ email }} />
          <button type="submit" class="btn">
            Send it again
          </button>
        </PostForm>
      ) : (
        <a class="btn" href={paths.resend()}>
          Send it again
        </a>
      )}
    </div>
  )
}
