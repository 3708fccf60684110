import { read } from '../../shared/api-client.ts'
import { markRead } from '../../shared/mark-read.ts'
import type { Message } from '../../shared/message.ts'
import { dayOf, hourOf } from '../days.ts'
import { removalText } from '../removal.ts'

/** `last` is the number of the newest bubble that is there, `day` the day above it. */
export type ConversationProps = { threadId: string; last: number; day: string; locale: string; timeZone: string }

/** How often an open thread is looked at, in milliseconds; ever longer while nothing answers. */
const every = 4_000
const limit = '30'

/**
 * Looks for new messages while the page is seen, and puts them below the others, where the log tells them politely. The
 * reader has seen them then. Behind the reader's back nothing is asked for.
 */
export function mount(element: HTMLElement, props: ConversationProps): void {
  const log = element.querySelector<HTMLElement>('[role=log]')
  if (!log) return
  let { last, day } = props
  let failures = 0
  let timer = 0

  function plan(): void {
    clearTimeout(timer)
    if (!document.hidden) timer = setTimeout(look, every * 2 ** Math.min(failures, 4)) as unknown as number
  }

  async function look(): Promise<void> {
    try {
      const signal = AbortSignal.timeout(10_000)
      const { items } = await read('/threads/:id/messages', { limit }, signal, props.threadId)
      failures = 0
      const fresh = items.filter(({ number }) => number > last).reverse()
      for (const message of fresh) append(message)
      if (fresh.some(({ mine }) => !mine)) await markRead(props.threadId, last)
    } catch {
      failures += 1
    }
    plan()
  }

  function append(message: Message): void {
    const today = dayOf(message.createdAt, props.locale, props.timeZone)
    if (today !== day) fill(copy('day'), 'span', today)
    const bubble = copy(message.mine ? 'mine' : 'theirs')
    fill(bubble, '.words', message.removed ? removalText(message.removalReason) : message.text)
    fill(bubble, 'time', hourOf(message.createdAt, props.locale, props.timeZone))
    const report = bubble?.querySelector('a')
    if (report) report.href = report.href.replace('/message/?', `/message/${message.id}?`)
    day = today
    last = message.number
  }

  /** Puts a copy of a template's element at the end of the log. */
  function copy(kind: 'day' | 'mine' | 'theirs'): Element | undefined {
    const template = element.querySelector<HTMLTemplateElement>(`template[data-new=${kind}]`)
    const made = template?.content.firstElementChild?.cloneNode(true)
    return made ? (log?.appendChild(made) as Element) : undefined
  }

  document.addEventListener('visibilitychange', plan)
  plan()
}

function fill(element: Element | undefined, part: string, text: string): void {
  const found = element?.querySelector(part)
  if (found) found.textContent = text
}
