import { paths } from '../../shared/paths.ts'
import { useSite } from '../context.ts'
import { Csrf } from './Form.tsx'
import { Icon } from './Icon.tsx'

/** The part of the header that knows who is signed in; composed per request into pages that everybody shares. */
export function Viewer() {
  const { viewer, path } = useSite().shell
  if (!viewer) {
    return (
      <a class="act" href={paths.signIn(path === '/' ? undefined : path)}>
        <Icon name="user" />
        Sign in
      </a>
    )
  }
  return (
    <>
      <a class={viewer.unread ? 'act unread' : 'act'} href={paths.messages()}>
        <Icon name="message-circle" />
        Messages
        {viewer.unread ? (
          <b>
            <Unread />
          </b>
        ) : null}
      </a>
      <details class="menu">
        <summary class="act">
          <Icon name="user" />
          You
        </summary>
        <div>
          <p>
            Signed in as <bdi>{viewer.displayName}</bdi>
          </p>
          <a href={paths.myPosts()}>My posts</a>
          {viewer.role !== 'member' && <a href={paths.moderation()}>Reports</a>}
          <a href={paths.account()}>Settings</a>
          <form method="post" action={paths.signOut()}>
            <Csrf />
            <button type="submit">Sign out</button>
          </form>
        </div>
      </details>
    </>
  )
}

/** How many messages are unread, for the header and for the bar of phones; nothing where there is none. */
export function Unread() {
  const unread = useSite().shell.viewer?.unread
  if (!unread) return null
  return (
    <>
      {unread > 99 ? '99+' : unread}
      <span class="sr"> unread</span>
    </>
  )
}
