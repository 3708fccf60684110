import type { DataExport, DataExportList } from '../../shared/data-export.ts'
import { paths } from '../../shared/paths.ts'
import { useSite } from '../context.ts'
import { sizeText } from '../format.ts'
import { Day } from './Day.tsx'
import { Hidden, PostForm } from './Form.tsx'

/** What is kept of a person, for them to take along: asked for by a button, told by mail, fetched from here. */
export function DataCopies({ items, nextFrom, problem }: DataExportList & { problem?: string | undefined }) {
  return (
    <section class="box" aria-labelledby="data">
      <h2 id="data">Your data</h2>
      <p>
        Get all that we know of you as one archive: your account, posts, messages and the rest. It takes a few minutes.
        A mail tells you when it is ready; it stays for 7 days.
      </p>
      {items.length > 0 && (
        <ul class="sessions">
          {items.map(copy => (
            <Copy key={copy.id} {...copy} />
          ))}
        </ul>
      )}
      <PostForm action={paths.account()} form={{ values: {}, errors: {}, ...(problem ? { problem } : {}) }}>
        <Hidden values={{ intent: 'export' }} />
        {nextFrom === null ? (
          <button type="submit" class="btn">
            Get a copy of my data
          </button>
        ) : (
          <p class="soft">
            You can ask for another copy tomorrow, from <Day at={nextFrom} relative={false} /> on.
          </p>
        )}
      </PostForm>
    </section>
  )
}

function Copy({ id, state, requestedAt, expiresAt, bytes }: DataExport) {
  const { locale } = useSite().shell
  return (
    <li>
      <p>
        <b>
          Copy of <Day at={requestedAt} year relative={false} />
        </b>
        <small>
          {state === 'making' ? (
            'is being made'
          ) : (
            <>
              {bytes !== null && `${sizeText(bytes, locale)} · `}here until{' '}
              {expiresAt && <Day at={expiresAt} relative={false} />}
            </>
          )}
        </small>
      </p>
      {state === 'ready' && (
        <a class="btn" href={paths.exportArchive(id)} download>
          Download
        </a>
      )}
    </li>
  )
}
