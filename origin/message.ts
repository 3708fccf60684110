import * as z from 'zod'
import { isJobKind, type JobKind, type JobPayload, jobKinds, readPayload } from '../shared/jobs.ts'
import type { Message, ReceivedMessage } from './adapters/sqs.ts'
import { type Job, PoisonError } from './job.ts'

/** A row of the outbox on its way: what a message is made of. */
export type Departure = {
  job_id: string
  kind: string
  version: number
  payload: unknown
  aggregate_id: string
  aggregate_version: number
  traceparent: string | null
}

const Body = z.object({
  aggregateId: z.string(),
  aggregateVersion: z.number().int(),
  publishedAt: z.iso.datetime().transform(text => new Date(text)),
  payload: z.unknown(),
})
const Attributes = z.object({
  kind: z.string(),
  version: z.coerce.number().int(),
  'dedup-id': z.uuid(),
  traceparent: z.string().optional(),
})

/** What Amazon SNS delivers to a queue: its own envelope, and no attributes of ours. Only SES's topic does. */
const Notification = z.object({
  Type: z.literal('Notification'),
  MessageId: z.uuid(),
  Timestamp: z.iso.datetime(),
  Message: z.string(),
})

/** Writes a message: what it is stands in attributes, what it says in the body. */
export function writeMessage(row: Departure, now: Date): Message {
  return {
    body: writeJson({
      aggregateId: row.aggregate_id,
      aggregateVersion: row.aggregate_version,
      publishedAt: now.toISOString(),
      payload: row.payload,
    }),
    attributes: {
      kind: row.kind,
      version: String(row.version),
      'dedup-id': row.job_id,
      ...(row.traceparent && { traceparent: row.traceparent }),
    },
  }
}

/** People write what not every queue takes: SQS knows the characters of XML 1.0 only, its stand-in no emoji. JSON can spell them. */
function writeJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\ud800-\udfff\ufffe\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16)}`)
}

/** Reads a message of any version that is still known. @throws PoisonError that says what is wrong with it */
export function readMessage({ body, attributes, receives }: Omit<ReceivedMessage, 'handle'>): Job {
  const notification = Object.keys(attributes).length === 0 ? Notification.safeParse(parseJson(body)).data : undefined
  if (notification) return { ...feedbackOf(notification), receives } as Job
  const known = Attributes.safeParse(attributes)
  if (!known.success) throw new PoisonError(`The attributes cannot be read: ${faultsOf(known.error)}`)
  const { kind, version, 'dedup-id': id, traceparent = null } = known.data
  if (!isJobKind(kind)) throw new PoisonError(`The kind "${kind}" is unknown`)
  const content = Body.safeParse(parseJson(body))
  if (!content.success) throw new PoisonError(`The body cannot be read: ${faultsOf(content.error)}`)
  const payload = payloadOf(kind, version, content.data.payload)
  return { id, kind, version, traceparent, receives, ...content.data, payload } as Job
}

function feedbackOf({
  MessageId,
  Timestamp,
  Message,
}: z.infer<typeof Notification>): Omit<Job<'mail.feedback'>, 'receives'> {
  const { version } = jobKinds['mail.feedback']
  return {
    id: MessageId,
    kind: 'mail.feedback',
    version,
    payload: payloadOf('mail.feedback', version, parseJson(Message)) as JobPayload<'mail.feedback'>,
    aggregateId: '',
    aggregateVersion: 1,
    traceparent: null,
    publishedAt: new Date(Timestamp),
  }
}

/** The name under which a message's failures are kept: the job's, or its own where it names none. */
export function jobIdOf({ attributes, messageId }: ReceivedMessage): string {
  return attributes['dedup-id'] || messageId
}

function payloadOf(kind: JobKind, version: number, payload: unknown): unknown {
  try {
    return readPayload(kind, version, payload)
  } catch (cause) {
    const why = cause instanceof z.ZodError ? faultsOf(cause) : (cause as Error).message
    throw new PoisonError(`The payload of "${kind}" cannot be read: ${why}`, { cause })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function faultsOf(error: z.ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim()).join(', ')
}
