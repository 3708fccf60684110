import { paths } from '../../shared/paths.ts'
import type { Region } from '../../shared/regions.ts'
import type { DecisionOutcome, Report } from '../../shared/report.ts'
import { regionText } from '../../shared/wording.ts'
import { Day } from '../components/Day.tsx'
import { Empty } from '../components/Empty.tsx'
import { faultText, sentence } from '../components/Field.tsx'
import { Csrf } from '../components/Form.tsx'
import { altOf } from '../components/Gallery.tsx'
import { Notice } from '../components/Notice.tsx'
import { Photo } from '../components/Photo.tsx'
import { useSite } from '../context.ts'
import { plural } from '../format.ts'
import { Island } from '../island.tsx'
import { emptyForm, type Form, type ModerationPage } from '../page-model.ts'
import { reasonLabels } from './Report.tsx'

export function Moderation({ region, queues, reports, nextCursor, notice, refused }: ModerationPage) {
  return (
    <>
      <Notice notice={notice} />
      <h1>Reports</h1>
      {queues.length > 1 && <Regions current={region} queues={queues} />}
      {reports.length === 0 ? (
        <Empty icon="flag" title="Nothing is waiting">
          <p>Every report of {regionText(region)} is decided.</p>
        </Empty>
      ) : (
        <Island name="ages">
          <ul class="queue">
            {reports.map(report => (
              <Case
                key={report.id}
                report={report}
                region={region}
                form={refused?.id === report.id ? refused.form : emptyForm}
              />
            ))}
          </ul>
        </Island>
      )}
      {nextCursor && (
        <a class="btn next" rel="next" href={`${paths.moderation(region)}&cursor=${encodeURIComponent(nextCursor)}`}>
          Show more
        </a>
      )}
    </>
  )
}

/** Reports stay in the region of what was reported; whoever moderates decides them in each. */
function Regions({ current, queues }: { current: Region; queues: ModerationPage['queues'] }) {
  return (
    <nav class="tabs" aria-label="By region">
      {queues.map(({ region, waiting }) => (
        <a key={region} href={paths.moderation(region)} aria-current={region === current ? 'page' : undefined}>
          {capitalised(regionText(region))}
          {waiting !== null && (
            <small>
              {' '}
              {waiting}
              <span class="sr"> waiting</span>
            </small>
          )}
        </a>
      ))}
    </nav>
  )
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const titles = { post: 'A post', message: 'A message', account: 'A person' } as const

function Case({ report, region, form }: { report: Report; region: Region; form: Form }) {
  const { locale } = useSite().shell
  const { others, signedIn, text } = report
  return (
    <li class="box">
      <p class="soft">
        {titles[report.subject]} · <Day at={report.createdAt} /> · by {signedIn ? 'a member' : 'a stranger'}
        {others > 0 && ` and ${plural(others, 'other', 'others', locale)}`}
      </p>
      <h2>{reasonLabels[report.reason]}</h2>
      {text && (
        <blockquote class="text" dir="auto">
          {text}
        </blockquote>
      )}
      <Subject report={report} region={region} />
      <Decide report={report} form={form} />
    </li>
  )
}

function Subject({ report: { post, messages, about }, region }: { report: Report; region: Region }) {
  const { locale } = useSite().shell
  return (
    <div class="case">
      {post && (
        <p>
          <a href={paths.post(post.id, post.title)}>
            <bdi>{post.title}</bdi>
          </a>{' '}
          <span class="state">{post.status}</span>
        </p>
      )}
      {post && post.images.length > 0 && (
        <ul class="seen">
          {post.images.map((image, index) => (
            <li key={image.id} class="ph">
              <Photo image={image} alt={altOf(image, index, post.images.length, post.title)} sizes="132px" />
            </li>
          ))}
        </ul>
      )}
      {post && messages.length === 0 && post.description && (
        <p class="text" dir="auto">
          {post.description.slice(0, 600)}
        </p>
      )}
      {messages.length > 0 && (
        <ol class="said">
          {messages.map((message, index) => (
            <li key={message.id} class={index === messages.length - 1 ? 'reported' : undefined}>
              <small>
                {message.role === 'seller' ? 'Seller' : 'Buyer'}
                {index === messages.length - 1 && ', reported'}
              </small>
              <p class="words" dir="auto">
                {message.text}
              </p>
            </li>
          ))}
        </ol>
      )}
      <p class="soft">
        <bdi>{about.name ?? 'Somebody'}</bdi>
        {about.memberSince && ` · member since ${about.memberSince.slice(0, 4)}`}
        {about.suspended && ' · suspended'} · {plural(about.earlier, 'earlier case', 'earlier cases', locale)}
      </p>
      {about.home !== region && <Elsewhere about={about} />}
    </div>
  )
}

/** An account can be suspended only where it lives; the way there is to report it there. */
function Elsewhere({ about: { id, home } }: { about: Report['about'] }) {
  return (
    <p>
      This account belongs to {regionText(home)}, so it can be suspended only there:{' '}
      <a href={paths.report('account', id, paths.moderation(home))}>report the person there</a>, and decide it there.
    </p>
  )
}

const labels: Readonly<Record<DecisionOutcome, string>> = {
  remove: 'Remove it',
  suspend: 'Suspend the account',
  dismiss: 'Dismiss',
}

/** One form: the reason, and a button for each thing that can be done. */
function Decide({ report, form }: { report: Report; form: Form }) {
  const id = `f-reason-${report.id}`
  const error = form.errors.reason ?? form.errors.outcome ?? form.problem
  return (
    <form method="post" action={paths.decision(report.id)} class="decide" novalidate>
      <Csrf />
      <div class={error ? 'field bad' : 'field'}>
        <label for={id}>Reason</label>
        <textarea
          id={id}
          name="reason"
          rows={2}
          minLength={3}
          maxLength={1_000}
          required
          autofocus={error !== undefined}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={`h-${report.id}`}
        >{`\n${form.values.reason ?? ''}`}</textarea>
        <p class={error ? 'help err' : 'help'} id={`h-${report.id}`} role={error ? 'alert' : undefined}>
          {error ? problemText(form, error) : 'Whom it concerns reads it, unless you dismiss the report.'}
        </p>
      </div>
      <p class="moves">
        {report.outcomes.map(outcome => (
          <button
            key={outcome}
            type="submit"
            name="outcome"
            value={outcome}
            class={outcome === 'dismiss' ? 'btn' : 'btn bad'}
          >
            {labels[outcome]}
          </button>
        ))}
      </p>
    </form>
  )
}

function problemText(form: Form, error: string): string {
  return form.errors.reason ? faultText('The reason', error) : sentence(error)
}
