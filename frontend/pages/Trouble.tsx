import { findCategory } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { Empty } from '../components/Empty.tsx'
import { sentence } from '../components/Field.tsx'
import { Csrf, Hidden } from '../components/Form.tsx'
import { useSite } from '../context.ts'
import { browsePath, type ErrorPage, type GonePage, type MessagePage } from '../page-model.ts'

export function NotFound() {
  return (
    <Empty page icon="search" title="There is nothing at this address">
      <p>The link may be old or mistyped.</p>
      <Ways />
    </Empty>
  )
}

export function Gone({ category }: GonePage) {
  const found = category ? findCategory(category) : undefined
  return (
    <Empty page icon={found?.icon ?? 'tag'} title="This post is no longer here">
      <p>It was sold, taken down, or its time ran out.</p>
      {found && (
        <a class="btn sea" href={paths.category(found.slug)}>
          See others in {found.name}
        </a>
      )}
      <Ways />
    </Empty>
  )
}

export function Trouble({ status, title, detail, kept }: ErrorPage) {
  const { requestId } = useSite().shell
  return (
    <Empty page icon={status === 503 ? 'wifi-off' : status === 429 ? 'clock' : 'circle-alert'} title={title}>
      <p>{detail ? sentence(detail) : adviceFor(status)}</p>
      {kept ? <Kept {...kept} /> : <Ways />}
      {status >= 500 && (
        <p class="soft">
          <small>If you write to us about it, name {requestId}.</small>
        </p>
      )}
    </Empty>
  )
}

export function Message({ title, text, links }: MessagePage) {
  return (
    <Empty page icon="tag" title={title}>
      <p>{text}</p>
      {links.map(({ href, label }) => (
        <a key={href} class="btn" href={href}>
          {label}
        </a>
      ))}
    </Empty>
  )
}

function adviceFor(status: number): string {
  if (status === 503) return 'This part of the site does not answer right now. Try again in a minute.'
  if (status === 429) return 'Wait a little, then try again.'
  if (status === 403) return 'This account may not do that.'
  return status >= 500 ? 'It is our fault, not yours. Try again in a minute.' : 'Go back and have another look.'
}

const secrets = new Set(['csrf', 'password', 'currentPassword', 'token'])

function withoutSecrets(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !secrets.has(name)))
}

/** What had been typed goes along, and can be read and copied. */
function Kept({ action, values }: NonNullable<ErrorPage['kept']>) {
  const text = [values.title, values.description].filter(Boolean).join('\n\n')
  return (
    <form method="post" action={action} class="kept">
      <Csrf />
      <Hidden values={withoutSecrets(values)} />
      <p>What you typed is kept.</p>
      {text && (
        <details>
          <summary>Read it</summary>
          <p class="text" dir="auto">
            {text}
          </p>
        </details>
      )}
      <button type="submit" class="btn sea">
        Try again
      </button>
    </form>
  )
}

function Ways() {
  return (
    <p class="ways">
      <a class="btn" href={paths.home()}>
        Go home
      </a>
      <a class="btn" href={browsePath}>
        Browse everything
      </a>
    </p>
  )
}
