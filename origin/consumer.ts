import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Queue, queues as queueNames } from '../shared/jobs.ts'
import { createQueues, type Queues, type ReceivedMessage } from './adapters/sqs.ts'
import type { Context } from './context.ts'
import { PoisonError } from './job.ts'
import { forgetFailure, noteAbandoned, noteFailure } from './job-failures.ts'
import { handlers as allHandlers, doJob, type Handlers } from './jobs.ts'
import { jobIdOf, readMessage } from './message.ts'
import { runRole } from './role.ts'
import { startScheduler } from './scheduler/tasks.ts'

/** A bound for each queue: jobs at a time in one process, and seconds that one may take. */
const bounds: Record<Queue, { atOnce: number; longest: number }> = {
  mail: { atOnce: 10, longest: 60 },
  feedback: { atOnce: 10, longest: 30 },
  // changes of posts are gathered and written together: the more at a time, the fewer calls
  index: { atOnce: 100, longest: 60 },
  // a photo a core, and one job more, so that no decoder waits for the bucket
  media: { atOnce: availableParallelism() + 1, longest: 900 },
  purge: { atOnce: 20, longest: 30 },
}

export type ConsumerOptions = {
  handlers?: Handlers
  /** Queues to work on; all where not said. */
  only?: readonly Queue[]
  /** Jobs at a time, instead of each queue's own bound. */
  atOnce?: number
  /** Seconds for which a delivery is taken; it is extended while work goes on. */
  leaseSeconds?: number
  /** Seconds of one poll. */
  waitSeconds?: number
  /** Seconds until the next delivery of a job that failed. */
  retryAfter?: (receives: number) => number
  /** Seconds that jobs in flight get when it is asked to stop. */
  stopWithin?: number
}

type Worker = { ctx: Context; queues: Queues; queue: Queue; options: Required<Omit<ConsumerOptions, 'only'>> }
type Loop = { stop: () => Promise<void> }

/**
 * Works on the jobs of this region's queues until it is stopped; any number of processes may do so at a time. Stopping takes no
 * more jobs, lets those in flight finish, and after `stopWithin` gives back what has not.
 */
export function startConsumer(
  ctx: Context,
  queues: Queues = createQueues(ctx.config),
  { only = queueNames, ...given }: ConsumerOptions = {},
): Loop {
  const workers = only.map(queue => {
    const options = {
      handlers: allHandlers,
      atOnce: bounds[queue].atOnce,
      leaseSeconds: 30,
      waitSeconds: 20,
      retryAfter: retrySeconds,
      stopWithin: ctx.config.stopWithin,
      ...given,
    }
    return startWorker({ ctx, queues, queue, options })
  })
  return {
    async stop() {
      await Promise.all(workers.map(worker => worker.stop()))
    },
  }
}

/** Seconds until the next delivery after so many: 2, 8, 32, 128, and up to half of it less by chance. */
export function retrySeconds(receives: number): number {
  return Math.min(2 * 4 ** (receives - 1), 900) * (1 - Math.random() / 2)
}

function startWorker(worker: Worker): Loop {
  const { ctx, queues, queue, options } = worker
  const inFlight = new Map<ReceivedMessage, { work: Promise<void>; since: number }>()
  const acks = createAcks(worker)
  const stopping = new AbortController()
  let roomMade = () => {}
  const heartbeat = setInterval(() => void extendAll(), (options.leaseSeconds * 1000) / 3)
  const finished = run()
  return {
    async stop() {
      stopping.abort()
      roomMade()
      const all = () => finished.then(() => Promise.all([...inFlight.values()].map(({ work }) => work)))
      await Promise.race([all(), sleep(options.stopWithin * 1000, undefined, { ref: false })])
      clearInterval(heartbeat)
      await Promise.all([acks.flush(), giveBack(worker, [...inFlight.keys()])])
    },
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      try {
        await room()
        await requireDatabase(ctx)
        if (stopping.signal.aborted) return
        const { waitSeconds, leaseSeconds } = options
        const max = Math.min(10, options.atOnce - inFlight.size)
        const taken = await queues.receive({ queue }, { max, waitSeconds, leaseSeconds, signal: stopping.signal })
        for (const message of taken) begin(message)
        failures = 0
      } catch (err) {
        if (stopping.signal.aborted) return
        ctx.log.warn({ err, queue }, 'no jobs can be taken')
        await pause(Math.min(250 * 2 ** failures++, 5_000))
      }
    }
  }

  function begin(message: ReceivedMessage): void {
    const work = workOn(worker, message, () => acks.add(message.handle)).finally(() => {
      inFlight.delete(message)
      roomMade()
    })
    inFlight.set(message, { work, since: Date.now() })
  }

  /** Waits until a good part of a batch fits: to fetch each message alone costs ten times the calls. */
  async function room(): Promise<void> {
    const wanted = Math.min(10, Math.ceil(options.atOnce / 2))
    const until = Date.now() + 50
    while (options.atOnce - inFlight.size < wanted && !stopping.signal.aborted) {
      const some = inFlight.size < options.atOnce
      if (some && Date.now() >= until) return
      await new Promise<void>(resolve => {
        roomMade = resolve
        if (some) setTimeout(resolve, until - Date.now())
      })
    }
  }

  /** What was taken since the last beat has time until the next: most of it is done by then, some of it at this moment. */
  async function extendAll(): Promise<void> {
    const before = Date.now() - (options.leaseSeconds * 1000) / 3
    const handles = [...inFlight].flatMap(([message, { since }]) => (since <= before ? message.handle : []))
    for (const some of tens(handles)) {
      const lost = await queues.extend({ queue }, some, options.leaseSeconds).catch(() => some)
      if (lost.length > 0) ctx.log.warn({ queue, jobs: lost.length }, 'deliveries were not extended')
    }
  }

  function pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: stopping.signal }).catch(() => {})
  }
}

/** Nothing is taken while Postgres does not answer: an outage would use up each job's deliveries. */
async function requireDatabase({ db }: Pick<Context, 'db'>): Promise<void> {
  await sql`SELECT 1`.execute(db)
}

/** Does one delivery: the work, and then the queue is told how it ended. Never throws. */
async function workOn(worker: Worker, message: ReceivedMessage, done: () => Promise<void>): Promise<void> {
  const { ctx, queue } = worker
  const log = { queue, messageId: message.messageId, receives: message.receives, ...message.attributes }
  try {
    await attempt(worker, message)
    await done()
    if (message.receives > 1) await forgetFailure(ctx, jobIdOf(message))
  } catch (err) {
    try {
      await noteFailure(ctx, queue, message, err)
    } catch (unnoted) {
      ctx.log.warn({ ...log, err: unnoted }, 'a failure cannot be written down')
    }
    try {
      if (err instanceof PoisonError) await bury(worker, message, err.message, done)
      else await worker.queues.extend({ queue }, [message.handle], worker.options.retryAfter(message.receives))
      ctx.log.warn({ ...log, err }, err instanceof PoisonError ? 'a job is poison' : 'a job failed')
    } catch (later) {
      ctx.log.warn({ ...log, err: later }, 'the queue did not hear how a job ended; its lease runs out')
    }
  }
}

async function attempt({ ctx, queue, options }: Worker, message: ReceivedMessage): Promise<void> {
  const job = readMessage(message)
  if (job.receives > 2) await noteAbandoned(ctx, queue, message)
  let timer: NodeJS.Timeout | undefined
  const limit = bounds[queue].longest
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The job took longer than ${limit} s`)), limit * 1000)
  })
  try {
    await Promise.race([doJob(ctx, job, options.handlers), tooLong])
  } finally {
    clearTimeout(timer)
  }
}

/** Moves a message to the dead-letter queue; a crash in between leaves it in both. */
async function bury(
  { queues, queue }: Worker,
  message: ReceivedMessage,
  reason: string,
  done: () => Promise<void>,
): Promise<void> {
  // A message carries ten attributes at most, and an attribute what XML 1.0 allows.
  const kept = Object.entries(message.attributes).slice(0, 9)
  const attributes = { ...Object.fromEntries(kept), reason: printable(reason).slice(0, 500) || 'poison' }
  const [error] = await queues.send({ queue, dead: true }, [{ body: message.body, attributes }])
  if (error) throw new Error(error)
  await done()
}

async function giveBack({ ctx, queues, queue }: Worker, messages: ReceivedMessage[]): Promise<void> {
  const handles = messages.map(message => message.handle)
  await Promise.all(tens(handles).map(some => queues.extend({ queue }, some, 1))).catch(err =>
    ctx.log.warn({ err, queue }, 'jobs in flight were not given back; their leases run out'),
  )
}

/** Collects messages that are done and deletes them ten at a time, or what there is after 20 ms. */
function createAcks({ ctx, queues, queue }: Worker) {
  let waiting: { handle: string; resolve: () => void }[] = []
  let timer: NodeJS.Timeout | undefined
  let flushing = Promise.resolve()
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    waiting = []
    if (batch.length === 0) return flushing
    const handles = batch.map(({ handle }) => handle)
    const removed = queues
      .remove({ queue }, handles)
      .then(
        kept => kept.length > 0 && ctx.log.warn({ queue, jobs: kept.length }, 'done jobs were not deleted'),
        err => ctx.log.warn({ err, queue }, 'done jobs were not deleted; they will come again'),
      )
      .then(() => {
        for (const { resolve } of batch) resolve()
      })
    flushing = Promise.all([flushing, removed]).then(() => {})
    return flushing
  }
  return {
    flush,
    /** Settles when the queue has been told. */
    add(handle: string): Promise<void> {
      return new Promise(resolve => {
        waiting.push({ handle, resolve })
        if (waiting.length === 10) void flush()
        else timer ??= setTimeout(flush, 20)
      })
    },
  }
}

function tens<T>(items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / 10) }, (_, i) => items.slice(i * 10, i * 10 + 10))
}

function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\ufffe\uffff]/g, ' ').toWellFormed()
}

if (import.meta.main) await runRole('worker', async ctx => [startConsumer(ctx), startScheduler(ctx)])
