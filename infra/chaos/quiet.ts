import { setTimeout as sleep } from 'node:timers/promises'
import { createQueues } from '../../origin/adapters/sqs.ts'
import { stackContext } from '../../origin/cli/stack.ts'
import type { Context } from '../../origin/context.ts'
import { readDeadLetters, redrive } from '../../origin/dead-letters.ts'
import { readOutbox } from '../../origin/outbox-state.ts'
import { type Queue, queues as queueNames } from '../../shared/jobs.ts'
import { regions } from './stack.ts'

export type Stillness = {
  quiet: boolean
  /** What is not done when patience is over, in words. */
  left: string[]
  /** Jobs that had used up their deliveries, with the reasons, and were sent again as an operator would. */
  redriven: string[]
}

/** Longer than the longest lease and the pauses between deliveries that may follow on it, in milliseconds. */
const patience = 400_000
/** So many looks in a row must find nothing. */
const looks = 3

/** Opens both regions for a while. */
export async function withRegions<T>(data: string, work: (contexts: Context[]) => Promise<T>): Promise<T> {
  const contexts = await Promise.all(regions.map(region => openRegion(data, region)))
  try {
    return await work(contexts)
  } finally {
    await Promise.all(contexts.map(ctx => ctx.db.destroy()))
  }
}

/** Postgres may be just starting again. */
async function openRegion(data: string, region: (typeof regions)[number]): Promise<Context> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await stackContext(['--data', data], region)
    } catch (error) {
      if (attempt === 30) throw error
      await sleep(1_000)
    }
  }
}

/** Waits until outboxes and queues are empty and no mail is under way. Dead letters are redriven, and counted. */
export async function awaitQuiet(contexts: Context[], redriving = true): Promise<Stillness> {
  const redriven: string[] = []
  const until = Date.now() + patience
  let left: string[] = []
  for (let still = 0; Date.now() < until; ) {
    left = (await Promise.all(contexts.map(openThings))).flat()
    const dead = redriving && left.length > 0 && left.every(thing => thing.endsWith('dead')) && redriven.length < 500
    if (dead) for (const ctx of contexts) redriven.push(...(await redriveAll(ctx)))
    still = left.length === 0 ? still + 1 : 0
    if (still === looks) return { quiet: true, left, redriven }
    await sleep(1_000)
  }
  return { quiet: false, left, redriven }
}

/** A store that is just being started again answers nothing, and is not quiet. */
async function openThings(ctx: Context): Promise<string[]> {
  return countOpen(ctx).catch(error => [`${ctx.region} does not answer: ${error}`])
}

async function countOpen(ctx: Context): Promise<string[]> {
  const queues = createQueues(ctx.config)
  const things: string[] = []
  const note = (count: number, what: string) => count > 0 && things.push(`${count} ${what}`)
  note((await readOutbox(ctx)).waiting, `in the outbox of ${ctx.region}`)
  const open = ctx.db.selectFrom('mails').select('id').where('state', 'in', ['queued', 'sending'])
  note((await open.execute()).length, `mails of ${ctx.region} under way`)
  for (const queue of queueNames) {
    const { waiting, inFlight, delayed } = await queues.depth({ queue })
    note(waiting + inFlight + delayed, `in ${ctx.region} ${queue}`)
    const dead = await queues.depth({ queue, dead: true })
    note(dead.waiting + dead.inFlight, `in ${ctx.region} ${queue} dead`)
  }
  return things
}

async function redriveAll(ctx: Context): Promise<string[]> {
  const queues = createQueues(ctx.config)
  const all: string[] = []
  for (const queue of queueNames) all.push(...(await redriveQueue(ctx, queue, queues)))
  return all
}

async function redriveQueue(ctx: Context, queue: Queue, queues: ReturnType<typeof createQueues>): Promise<string[]> {
  const letters = await readDeadLetters(ctx, queues, queue)
  if (letters.length === 0) return []
  await sleep(1_500) // a look hides them for a second
  await redrive(ctx, queues, queue)
  return letters.map(({ kind, reason }) => `${ctx.region} ${kind}: ${reason}`)
}
