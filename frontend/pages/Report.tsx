import { paths } from '../../shared/paths.ts'
import { type ReportReason, reportReasons } from '../../shared/report.ts'
import { TextArea } from '../components/Field.tsx'
import { Hidden, PostForm } from '../components/Form.tsx'
import type { ReportPage } from '../page-model.ts'

export const reasonLabels: Readonly<Record<ReportReason, string>> = {
  fraud: 'It looks like a fraud',
  forbidden: 'It is forbidden or dangerous',
  offensive: 'It is insulting or hateful',
  spam: 'It is spam, or posted again and again',
  wrong_place: 'It is in the wrong category or place',
  other: 'Something else',
}

const things = { post: 'post', message: 'message', account: 'person' } as const

export function Report({ subject, id, next, form }: ReportPage) {
  const error = form.errors.reason
  return (
    <>
      <h1>Report this {things[subject]}</h1>
      <p class="soft">A moderator looks at it. Whom you report does not learn who you are.</p>
      <PostForm
        action={paths.report(subject, id)}
        form={form}
        labels={{ reason: 'What is wrong', text: 'In your words' }}
        class="stack"
      >
        <Hidden values={{ next }} />
        <fieldset class={error ? 'field bad' : 'field'} id="f-reason" aria-describedby={error ? 'h-reason' : undefined}>
          <legend>What is wrong?</legend>
          <div class="picks">
            {reportReasons.map(reason => (
              <label key={reason}>
                <input type="radio" name="reason" value={reason} checked={form.values.reason === reason} required />
                {reasonLabels[reason]}
              </label>
            ))}
          </div>
          {error && (
            <p class="help err" id="h-reason">
              Choose what is wrong.
            </p>
          )}
        </fieldset>
        <TextArea
          form={form}
          name="text"
          label="In your words"
          help="What a moderator should know. You may leave it empty."
          rows={4}
          maxlength={2_000}
        />
        <button type="submit" class="btn sea">
          Report
        </button>
      </PostForm>
      <p class="aside-links">
        <a href={next}>Go back</a>
      </p>
    </>
  )
}
