import type { Session } from '../../shared/account.ts'
import { locales } from '../../shared/account.ts'
import { currencies } from '../../shared/money.ts'
import { paths } from '../../shared/paths.ts'
import { deviceText } from '../../shared/wording.ts'
import { DataCopies } from '../components/DataCopies.tsx'
import { Day } from '../components/Day.tsx'
import { SelectField, TextField } from '../components/Field.tsx'
import { Hidden, PostForm } from '../components/Form.tsx'
import { MailTrouble } from '../components/MailTrouble.tsx'
import { Notice } from '../components/Notice.tsx'
import { countryText } from '../format.ts'
import { Island } from '../island.tsx'
import type { AccountPage, Form } from '../page-model.ts'

export function Account({ account, sessions, exports, profile, password, deletion, copies, notice }: AccountPage) {
  const { displayName, locale, timeZone, currency } = account
  const known: Form = { ...profile, values: { displayName, locale, timeZone, currency, ...profile.values } }
  return (
    <>
      <Notice notice={notice} />
      <h1>Settings</h1>
      <p class="soft">
        <bdi>{account.email}</bdi> · {countryText(account.country)} ·{' '}
        <a href={paths.mailSettings()}>Address and mail</a>
      </p>
      <MailTrouble trouble={account.mailTrouble} />
      <Profile form={known} />
      <Sessions sessions={sessions} />
      <section class="box" aria-labelledby="pw">
        <h2 id="pw">Password</h2>
        <PostForm
          action={paths.account()}
          form={password}
          labels={{ currentPassword: 'Password now', password: 'New password' }}
        >
          <Hidden values={{ intent: 'password' }} />
          <TextField
            form={blank(password)}
            name="currentPassword"
            label="Password now"
            type="password"
            autocomplete="current-password"
          />
          <TextField
            form={blank(password)}
            name="password"
            label="New password"
            type="password"
            autocomplete="new-password"
            help="At least 12 characters. Your other sessions end."
          />
          <button type="submit" class="btn">
            Change password
          </button>
        </PostForm>
      </section>
      <DataCopies {...exports} problem={copies.problem} />
      <Deletion form={blank(deletion)} />
    </>
  )
}

function Profile({ form }: { form: Form }) {
  return (
    <section class="box" aria-labelledby="you">
      <h2 id="you">You</h2>
      <PostForm
        action={paths.account()}
        form={form}
        labels={{ displayName: 'Name', locale: 'Format', timeZone: 'Time zone', currency: 'Currency' }}
      >
        <Hidden values={{ intent: 'profile' }} />
        <TextField
          form={form}
          name="displayName"
          label="Name"
          help="Buyers and sellers see it."
          autocomplete="nickname"
          maxlength={60}
        />
        <SelectField
          form={form}
          name="locale"
          label="Dates, numbers and prices as in"
          options={locales.map(value => ({ value, label: localeText(value) }))}
        />
        <SelectField form={form} name="timeZone" label="Time zone" options={timeZones(form.values.timeZone)} />
        <SelectField
          form={form}
          name="currency"
          label="Currency"
          options={currencies.map(value => ({ value, label: value }))}
        />
        <button type="submit" class="btn sea">
          Save settings
        </button>
      </PostForm>
    </section>
  )
}

function Sessions({ sessions }: { sessions: readonly Session[] }) {
  return (
    <section class="box" aria-labelledby="in">
      <h2 id="in">Where you are signed in</h2>
      <Island name="ages">
        <PostForm action={paths.account()}>
          <Hidden values={{ intent: 'end-session' }} />
          <ul class="sessions">
            {sessions.map(session => (
              <li key={session.id}>
                <p>
                  <b>{deviceText(session.userAgent)}</b>
                  <small>
                    {session.country ? `${countryText(session.country)} · ` : ''}last used{' '}
                    <Day at={session.lastUsedAt} year />
                  </small>
                </p>
                {session.current ? (
                  <span class="state active">This one</span>
                ) : (
                  <button type="submit" class="btn" name="session" value={session.id}>
                    End
                  </button>
                )}
              </li>
            ))}
          </ul>
        </PostForm>
      </Island>
      {sessions.length > 1 && (
        <PostForm action={paths.account()}>
          <Hidden values={{ intent: 'end-sessions' }} />
          <button type="submit" class="btn">
            Sign out everywhere else
          </button>
        </PostForm>
      )}
      <PostForm action={paths.signOut()}>
        <button type="submit" class="btn">
          Sign out here
        </button>
      </PostForm>
    </section>
  )
}

function Deletion({ form }: { form: Form }) {
  const wrong = form.problem !== undefined || Object.keys(form.errors).length > 0
  const only: Form = {
    ...form,
    errors: form.errors.password ? { deletionPassword: form.errors.password } : form.errors,
  }
  return (
    <section class="box" aria-labelledby="bye">
      <h2 id="bye">Delete your account</h2>
      <p>
        Your posts are hidden at once and your sessions end. Sign in within 14 days and you have all of it back; after
        that it is erased.
      </p>
      <details open={wrong}>
        <summary class="btn">Delete my account</summary>
        <PostForm action={paths.account()} form={only}>
          <Hidden values={{ intent: 'delete' }} />
          <TextField
            form={only}
            name="deletionPassword"
            sent="password"
            label="Your password"
            type="password"
            autocomplete="current-password"
          />
          <button type="submit" class="btn bad">
            Delete my account
          </button>
        </PostForm>
      </details>
    </section>
  )
}

/** A password is never sent back to the browser. */
function blank(form: Form): Form {
  return { ...form, values: {} }
}

function localeText(locale: string): string {
  return new Intl.DisplayNames('en', { type: 'language', languageDisplay: 'standard' }).of(locale) ?? locale
}

function timeZones(current: string | undefined): { value: string; label: string }[] {
  const zones = Intl.supportedValuesOf('timeZone')
  const all = current && !zones.includes(current) ? [current, ...zones] : zones
  return all.map(value => ({ value, label: value.replaceAll('_', ' ') }))
}
