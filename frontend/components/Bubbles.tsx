import type { Message } from '../../shared/message.ts'
import { paths } from '../../shared/paths.ts'
import { useSite } from '../context.ts'
import { dayOf, hourOf } from '../days.ts'
import { removalText } from '../removal.ts'

type Props = { threadId: string; messages: readonly Message[]; otherName: string; timeZone: string }

/** What was said, by day. The templates at the end are what the conversation island makes new bubbles from. */
export function Bubbles({ threadId, messages, otherName, timeZone }: Props) {
  const { locale } = useSite().shell
  const days = messages.map(({ createdAt }) => dayOf(createdAt, locale, timeZone))
  const empty = { id: '', number: 0, text: '', removed: false, removalReason: null, createdAt: '' }
  const rest = { threadId, otherName, time: '' }
  return (
    <>
      <div role="log" aria-label="Messages" class="log">
        {messages.map((message, index) => (
          <>
            {days[index] !== days[index - 1] && <Day key={days[index]} text={days[index] ?? ''} />}
            <Bubble
              key={message.id}
              message={message}
              threadId={threadId}
              otherName={otherName}
              time={hourOf(message.createdAt, locale, timeZone)}
            />
          </>
        ))}
      </div>
      <template data-new="day">
        <Day text="" />
      </template>
      <template data-new="mine">
        <Bubble message={{ ...empty, mine: true }} {...rest} />
      </template>
      <template data-new="theirs">
        <Bubble message={{ ...empty, mine: false }} {...rest} />
      </template>
    </>
  )
}

function Day({ text }: { text: string }) {
  return (
    <p class="day">
      <span>{text}</span>
    </p>
  )
}

type BubbleProps = { message: Message; threadId: string; otherName: string; time: string }

function Bubble({ message, threadId, otherName, time }: BubbleProps) {
  const { mine, removed, removalReason, text, id, createdAt } = message
  return (
    <div class={mine ? 'bubble mine' : 'bubble'}>
      <p class="sr">{mine ? 'You wrote:' : `${otherName} wrote:`}</p>
      {removed ? (
        <p class="words soft" dir="auto">
          {removalText(removalReason)}
        </p>
      ) : (
        <p class="words" dir="auto">
          {text}
        </p>
      )}
      <p class="meta">
        <time data-fixed datetime={createdAt}>
          {time}
        </time>
        {!mine && !removed && (
          <a href={paths.report('message', id, paths.thread(threadId))} rel="nofollow">
            Report<span class="sr"> this message</span>
          </a>
        )}
      </p>
    </div>
  )
}
