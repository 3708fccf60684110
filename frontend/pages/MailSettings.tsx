import type { AddressState } from '../../shared/account.ts'
import { type MailTopic, mailTopics } from '../../shared/mail.ts'
import { paths } from '../../shared/paths.ts'
import { Day } from '../components/Day.tsx'
import { TextField } from '../components/Field.tsx'
import { Hidden, PostForm } from '../components/Form.tsx'
import { MailTrouble } from '../components/MailTrouble.tsx'
import { Notice } from '../components/Notice.tsx'
import type { Form, MailSettingsPage } from '../page-model.ts'

const topics: Readonly<Record<MailTopic, readonly [label: string, help: string]>> = {
  messages: ['Messages', 'When somebody writes to you about a post.'],
  posts: ['Your posts', 'When one is public, when it is about to end, and when it has ended.'],
  reports: ['Your reports', 'What became of what you reported.'],
}

/** One's address, and what may be written to it. */
export function MailSettings({ address, wanted, change, notice }: MailSettingsPage) {
  return (
    <>
      <Notice notice={notice} />
      <h1>Address and mail</h1>
      <MailTrouble trouble={address.trouble} />
      <section class="box" aria-labelledby="address">
        <h2 id="address">Your address</h2>
        <p>
          <bdi>
            <b>{address.email}</b>
          </bdi>
        </p>
        {address.change && <UnderWay {...address.change} />}
        <ChangeAddress form={change} />
      </section>
      <section class="box" aria-labelledby="wanted">
        <h2 id="wanted">What we write to you about</h2>
        <PostForm action={paths.mailSettings()}>
          <Hidden values={{ intent: 'wanted' }} />
          {mailTopics.map(topic => (
            <label key={topic} class="check">
              <input type="checkbox" name={topic} value="yes" checked={wanted[topic]} />
              <span>
                {topics[topic][0]}
                <small>{topics[topic][1]}</small>
              </span>
            </label>
          ))}
          <p class="help">Mail about the safety and the standing of your account always comes.</p>
          <button type="submit" class="btn sea">
            Save
          </button>
        </PostForm>
      </section>
      <p>
        <a href={paths.account()}>All settings</a>
      </p>
    </>
  )
}

function UnderWay({ email, confirmed, approved, expiresAt }: NonNullable<AddressState['change']>) {
  const missing = [...(confirmed ? [] : ['the new address']), ...(approved ? [] : ['the old one'])].join(' and ')
  return (
    <p class="notice" role="status">
      <span>
        It is to be <bdi>{email}</bdi>. We still wait for a yes from {missing}, until{' '}
        <Day at={expiresAt} year relative={false} />.
      </span>
    </p>
  )
}

function ChangeAddress({ form }: { form: Form }) {
  const wrong = form.problem !== undefined || Object.keys(form.errors).length > 0
  const { password: _, ...values } = form.values
  const shown: Form = { ...form, values }
  return (
    <details open={wrong}>
      <summary class="btn">Change my address</summary>
      <PostForm
        action={paths.mailSettings()}
        form={shown}
        labels={{ email: 'New address', password: 'Password' }}
        class="after"
      >
        <Hidden values={{ intent: 'address' }} />
        <TextField form={shown} name="email" label="New address" type="email" autocomplete="email" />
        <TextField
          form={shown}
          name="password"
          label="Your password"
          type="password"
          autocomplete="current-password"
          help="A mail goes to both addresses. The change is made when both have agreed."
        />
        <button type="submit" class="btn sea">
          Ask both addresses
        </button>
      </PostForm>
    </details>
  )
}
