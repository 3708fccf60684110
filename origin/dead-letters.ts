import { type Queue, queues as queueNames } from '../shared/jobs.ts'
import type { Depth, Queues, ReceivedMessage } from './adapters/sqs.ts'
import type { Context } from './context.ts'
import { forgetFailure } from './job-failures.ts'
import { jobIdOf } from './message.ts'

type Stores = Pick<Context, 'db'>

export type DeadLetter = {
  id: string
  messageId: string
  kind: string | undefined
  sentAt: Date
  /** Why it is here: the worker's own word, or the last error of a job that SQS has moved. */
  reason: string
}

/** Seconds for which a look into a queue hides what it sees. */
const lookFor = 30

/**
 * Looks into a dead-letter queue without taking anything away; what it has seen is hidden for up to a second longer.
 * @param most letters to read
 */
export async function readDeadLetters({ db }: Stores, queues: Queues, queue: Queue, most = 100): Promise<DeadLetter[]> {
  const messages: ReceivedMessage[] = []
  const look = async (message: ReceivedMessage) => {
    messages.push(message)
    return false
  }
  await each(queues, queue, look, most)
  if (messages.length === 0) return []
  const failures = await db
    .selectFrom('job_failures')
    .select(['id', 'last_error', 'failures'])
    .where('id', 'in', messages.map(jobIdOf))
    .execute()
  const errors = new Map(failures.map(failure => [failure.id, failure]))
  return messages.map(message => {
    const failure = errors.get(jobIdOf(message))
    const told = failure ? `${failure.last_error} (failed ${failure.failures} times)` : 'no error was written down'
    return {
      id: jobIdOf(message),
      messageId: message.messageId,
      kind: message.attributes.kind,
      sentAt: message.sentAt,
      reason: message.attributes.reason ?? told,
    }
  })
}

/**
 * Sends what is in a dead-letter queue to its queue again, each under its old id: what was done already is not done twice, and each
 * job acts on what Postgres says now. A crash in between leaves a message in both.
 * @returns how many
 */
export async function redrive({ db }: Stores, queues: Queues, queue: Queue): Promise<number> {
  return each(queues, queue, async message => {
    const { reason: _, ...attributes } = message.attributes
    const [error] = await queues.send({ queue }, [{ body: message.body, attributes }])
    if (error) throw new Error(`Cannot redrive ${jobIdOf(message)}: ${error}`)
    await queues.remove({ queue, dead: true }, [message.handle])
    await forgetFailure({ db }, jobIdOf(message))
    return true
  })
}

/** Deletes dead letters for good, by the id of the job or of the message. @returns how many there were */
export async function dropDeadLetters({ db }: Stores, queues: Queues, id: string): Promise<number> {
  let dropped = 0
  for (const queue of queueNames) {
    dropped += await each(queues, queue, async message => {
      if (jobIdOf(message) !== id && message.messageId !== id) return false
      await queues.remove({ queue, dead: true }, [message.handle])
      await forgetFailure({ db }, jobIdOf(message))
      return true
    })
  }
  return dropped
}

export type QueueState = { queue: Queue; depth: Depth; dead: Depth; oldest: Date | undefined }

/**
 * Tells how full each queue is. SQS does not say how old its oldest message is; so many of this region's rows as are in the
 * queue, the latest published ones, give a good guess.
 */
export async function readQueues(
  { db }: Stores,
  queues: Queues,
  kindsOf: (queue: Queue) => string[],
): Promise<QueueState[]> {
  return Promise.all(
    queueNames.map(async queue => {
      const [depth, dead] = await Promise.all([queues.depth({ queue }), queues.depth({ queue, dead: true })])
      const count = depth.waiting + depth.inFlight + depth.delayed
      const latest = db
        .selectFrom('outbox')
        .select('done_at')
        .where('kind', 'in', kindsOf(queue))
        .where('done_at', 'is not', null)
        .orderBy('done_at', 'desc')
        .limit(count)
      const rows = count > 0 && kindsOf(queue).length > 0 ? await latest.execute() : []
      return { queue, depth, dead, oldest: rows.at(-1)?.done_at ?? undefined }
    }),
  )
}

/**
 * Takes each message of a dead-letter queue once, of those that were there when it began: what is redriven may come back
 * at once, for ever. Time is the queue's, which ours is taken for. What stays there is seen again a second later.
 * @param work gives whether the message is gone
 * @returns how many are gone
 */
async function each(
  queues: Queues,
  queue: Queue,
  work: (message: ReceivedMessage) => Promise<boolean>,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  const from = { queue, dead: true }
  const { waiting, inFlight, delayed } = await queues.depth(from)
  if (waiting + inFlight + delayed === 0) return 0
  const began = Date.now()
  const taken = new Map<string, ReceivedMessage>()
  let gone = 0
  try {
    while (taken.size + gone < most) {
      const some = await queues.receive(from, {
        max: Math.min(10, most - taken.size - gone),
        waitSeconds: 2, // longer than an earlier look hides what it saw
        leaseSeconds: lookFor,
      })
      const fresh = some.filter(({ messageId }) => !taken.has(messageId))
      for (const message of some) taken.set(message.messageId, message)
      if (fresh.length === 0) break
      for (const message of fresh) {
        if (message.sentAt.getTime() > began || !(await work(message))) continue
        taken.delete(message.messageId)
        gone++
      }
    }
  } finally {
    for (const { handle } of taken.values()) await queues.extend(from, [handle], 1)
  }
  return gone
}
