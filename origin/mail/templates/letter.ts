import { dateLocale } from '../../../shared/date-locale.ts'

/** A mail as its template says it; `layout.ts` makes HTML and plain text of the same parts. */
export type Letter = {
  subject: string
  /** What an inbox shows behind the subject. */
  preview: string
  greeting: string
  blocks: readonly Block[]
  /** Below, in small print: why this mail came, and what to do when it should not have. */
  reason: string
}

export type Block =
  | { is: 'text'; text: string }
  | { is: 'post'; post: PostFacts }
  | { is: 'quote'; text: string; from: string | null }
  | { is: 'facts'; facts: readonly (readonly [label: string, value: string])[] }
  | { is: 'buttons'; buttons: readonly Button[] }
  /** The address behind the button, for whoever would rather see or copy it. */
  | { is: 'address'; url: string }

export type Button = { label: string; url: string; quiet?: true }

/** What a mail shows of a post, in the reader's own formats. */
export type PostFacts = { title: string; price: string; place: string; url: string; note: string | null }

/** Whom a mail is for: texts are English, dates, prices and hours are theirs. */
export type Reader = { greeting: string; locale: string; timeZone: string; siteUrl: string }

export function say(text: string): Block {
  return { is: 'text', text }
}

export function show(post: PostFacts): Block {
  return { is: 'post', post }
}

export function press(...buttons: Button[]): Block {
  return { is: 'buttons', buttons }
}

/** A moment in English as its reader's clock and calendar have it, with the name of their time zone. */
export function momentText(at: Date, { locale, timeZone }: Pick<Reader, 'locale' | 'timeZone'>): string {
  const parts = { day: 'numeric', month: 'short', year: 'numeric', hour: 'numeric', minute: '2-digit' } as const
  return new Intl.DateTimeFormat(dateLocale(locale), { ...parts, timeZone, timeZoneName: 'short' }).format(at)
}

/** A day in English as its reader's calendar has it. */
export function dayText(at: Date, { locale, timeZone }: Pick<Reader, 'locale' | 'timeZone'>): string {
  return new Intl.DateTimeFormat(dateLocale(locale), {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  }).format(at)
}
