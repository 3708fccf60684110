import type { Thread as ThreadFacts } from '../../shared/message.ts'
import { paths } from '../../shared/paths.ts'
import { Bubbles } from '../components/Bubbles.tsx'
import { TextArea } from '../components/Field.tsx'
import { Csrf, Hidden, PostForm } from '../components/Form.tsx'
import { Icon } from '../components/Icon.tsx'
import { Notice } from '../components/Notice.tsx'
import { Picture } from '../components/Picture.tsx'
import { useSite } from '../context.ts'
import { dayOf } from '../days.ts'
import { priceText } from '../format.ts'
import { Island } from '../island.tsx'
import type { ThreadPage } from '../page-model.ts'

export function Thread(page: ThreadPage) {
  const { locale } = useSite().shell
  const { thread, messages, earlier, newest, timeZone, notice } = page
  const bubbles = <Bubbles threadId={thread.id} messages={messages} otherName={otherName(thread)} timeZone={timeZone} />
  const last = messages.at(-1)
  const day = last ? dayOf(last.createdAt, locale, timeZone) : ''
  const props = { threadId: thread.id, last: last?.number ?? 0, day, locale, timeZone }
  return (
    <div class="thread">
      <Notice notice={notice} />
      <Top thread={thread} />
      {earlier && (
        <a class="btn next" href={`${paths.thread(thread.id)}?cursor=${encodeURIComponent(earlier)}`}>
          Earlier messages
        </a>
      )}
      {newest ? (
        <Island name="conversation" props={props}>
          {bubbles}
        </Island>
      ) : (
        bubbles
      )}
      {newest ? (
        <Reply page={page} />
      ) : (
        <a class="btn next" href={`${paths.thread(thread.id)}#newest`}>
          Back to the newest
        </a>
      )}
    </div>
  )
}

/** The other side's name; a list does not know it where the thread is kept in another region. */
export function otherName({ role, other }: Pick<ThreadFacts, 'role' | 'other'>): string {
  return other.name ?? (role === 'buyer' ? 'The seller' : 'Somebody')
}

const states = { reserved: 'Reserved', sold: 'Sold', ended: 'No longer here' } as const

function Top({ thread }: { thread: ThreadFacts }) {
  const { locale } = useSite().shell
  const { post } = thread
  const { price, priceKind } = post
  const state = post.state && post.state !== 'active' ? states[post.state] : null
  return (
    <div class="about-thread">
      <a href={paths.messages()} class="back">
        <span aria-hidden="true">‹ </span>Messages
      </a>
      <h1>
        <bdi>{otherName(thread)}</bdi>
      </h1>
      <Menu thread={thread} />
      <div class="subject">
        <Picture id={post.id} category={post.category ?? ''} cover={post.cover} sizes="56px" />
        <p>
          {post.state === 'ended' ? (
            <strong>
              <bdi>{post.title}</bdi>
            </strong>
          ) : (
            <a href={paths.post(post.id, post.title)}>
              <bdi>{post.title}</bdi>
            </a>
          )}
          <span class="soft">
            {priceKind && priceText({ price, priceKind }, locale)}
            {state && <b class="state">{state}</b>}
          </span>
        </p>
      </div>
    </div>
  )
}

function Menu({ thread: { id, blocked, other } }: { thread: ThreadFacts }) {
  const byYou = blocked === 'by_you'
  return (
    <details class="menu">
      <summary class="btn quiet">
        <Icon name="ellipsis" />
        <span class="sr">Block or report</span>
      </summary>
      <div class="acts-list">
        <form method="post" action={paths.threadAction(id, byYou ? 'unblock' : 'block')}>
          <Csrf />
          <button type="submit">{byYou ? 'Unblock' : 'Block'} this person</button>
        </form>
        {other.id && (
          <a href={paths.report('account', other.id, paths.thread(id))} rel="nofollow">
            Report this person
          </a>
        )}
      </div>
    </details>
  )
}

function Reply({ page: { thread, form, formKey } }: { page: ThreadPage }) {
  if (!thread.open) {
    return (
      <p class="notice" id="newest">
        {closedText(thread)}
      </p>
    )
  }
  return (
    <PostForm action={paths.thread(thread.id)} form={form} labels={{ text: 'The message' }} class="reply" id="newest">
      <Hidden values={{ formKey }} />
      <TextArea form={form} name="text" label="Your answer" rows={3} maxlength={5_000} />
      <div class="ends">
        <p class="safe with">
          <Icon name="shield-check" />
          <span>Your address stays hidden. Never pay before you see it.</span>
        </p>
        <button type="submit" class="btn sea">
          Send
        </button>
      </div>
    </PostForm>
  )
}

function closedText({ blocked }: ThreadFacts): string {
  if (blocked === 'by_you') return 'You blocked this person. Unblock them in the menu above to write again.'
  if (blocked === 'by_them') return 'This person takes no messages from you any more.'
  return 'This conversation has ended: the post or the person is no longer here.'
}
