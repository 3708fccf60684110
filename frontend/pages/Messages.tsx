import type { Thread } from '../../shared/message.ts'
import { paths } from '../../shared/paths.ts'
import { Day } from '../components/Day.tsx'
import { Empty } from '../components/Empty.tsx'
import { Picture } from '../components/Picture.tsx'
import { plural } from '../format.ts'
import { Island } from '../island.tsx'
import { browsePath, type MessagesPage } from '../page-model.ts'
import { otherName } from './Thread.tsx'

export function Messages({ threads, nextCursor }: MessagesPage) {
  return (
    <>
      <h1>Messages</h1>
      {threads.length === 0 ? (
        <Empty icon="message-circle" title="No messages yet">
          <p>Write to a seller from a post. What you say to each other is kept here, and addresses stay hidden.</p>
          <a class="btn sea" href={browsePath}>
            Browse
          </a>
        </Empty>
      ) : (
        <Island name="ages">
          <ul class="threads">
            {threads.map(thread => (
              <Row key={thread.id} thread={thread} />
            ))}
          </ul>
        </Island>
      )}
      {nextCursor && (
        <a class="btn next" rel="next" href={`${paths.messages()}?cursor=${encodeURIComponent(nextCursor)}`}>
          Show more
        </a>
      )}
    </>
  )
}

function Row({ thread }: { thread: Thread }) {
  const { post, last, unread } = thread
  return (
    <li>
      <a href={`${paths.thread(thread.id)}#newest`} class={unread > 0 ? 'new' : undefined}>
        <Picture id={post.id} category={post.category ?? ''} cover={post.cover} sizes="68px" />
        <span>
          <span class="who">
            <strong>
              <bdi>{otherName(thread)}</bdi>
            </strong>
            <small>
              <Day at={thread.lastActivityAt} />
            </small>
          </span>
          <span class="what">
            <bdi>{post.title}</bdi>
          </span>
          <span class="last">
            <span>{lastText(last)}</span>
            {unread > 0 && <b class="dot">{plural(unread, 'new', 'new', 'en')}</b>}
          </span>
        </span>
      </a>
    </li>
  )
}

/** One line of what was said last; of a thread in another region only that there is one. */
function lastText(last: Thread['last']) {
  if (!last) return 'Open it to read it'
  if (!last.text) return 'Removed by a moderator'
  return (
    <>
      {last.mine && 'You: '}
      <bdi>{last.text.slice(0, 160)}</bdi>
    </>
  )
}
