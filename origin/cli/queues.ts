import { parseArgs } from 'node:util'
import * as z from 'zod'
import { jobKinds, type Queue, queues as queueNames } from '../../shared/jobs.ts'
import type { Region } from '../../shared/regions.ts'
import { createQueues, type Depth, type Queues } from '../adapters/sqs.ts'
import type { Context } from '../context.ts'
import { dropDeadLetters, readDeadLetters, readQueues, redrive } from '../dead-letters.ts'
import { readMailState, retryRefusedMails } from '../mail/mail-state.ts'
import { readOutbox, replayOutbox } from '../outbox-state.ts'
import { readFailingTasks } from '../scheduler/failing-tasks.ts'
import { runCommand, stackContext, stackOptions, stackRegions, UsageError } from './stack.ts'

const usage = `Usage:
  npm run queues [-- --region na] [--data DIR]
      shows what waits: the outbox, each queue, what lies in the dead-letter queues, with reasons, mails that are still
      to be sent or were refused, and scheduled tasks that fail
  npm run queues -- redrive [QUEUE]
      sends dead letters to their queue again, each under its old id: what was done is not done twice; with "mail", or
      without a name, mails that were refused are tried again as well
  npm run queues -- drop ID
      deletes the dead letters of a job or message for good
  npm run queues -- replay --since 2026-11-23T08:00:00Z
      publishes again what was published since then (at most 7 days ago), for when a queue has lost messages

Queues: ${queueNames.join(', ')}. Without --region every region of the stack is meant.`

const options = { ...stackOptions, since: { type: 'string' }, help: { type: 'boolean' } } as const

await runCommand(async () => {
  const argv = process.argv.slice(2)
  const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true })
  const [command = 'show', argument, ...rest] = positionals
  if (values.help) return console.log(usage)
  const verb = rest.length === 0 ? verbFor(command, argument, values.since) : undefined
  if (!verb) throw new UsageError(usage)
  for (const region of regionsOf(argv, values.region)) {
    const ctx = await stackContext(argv, region)
    try {
      await verb(ctx, createQueues(ctx.config))
    } finally {
      await ctx.db.destroy()
    }
  }
})

type Verb = (ctx: Context, queues: Queues) => Promise<void>

function verbFor(command: string, argument: string | undefined, since: string | undefined): Verb | undefined {
  if (command === 'show' && argument === undefined) return show
  if (command === 'redrive' && isQueue(argument)) return (ctx, queues) => redriveAll(ctx, queues, argument)
  if (command === 'drop' && argument) return (ctx, queues) => drop(ctx, queues, argument)
  if (command === 'replay' && argument === undefined && since) return ctx => replay(ctx, since)
  return undefined
}

function isQueue(name: string | undefined): name is Queue | undefined {
  return name === undefined || queueNames.some(one => one === name)
}

function regionsOf(argv: string[], named: string | undefined): (Region | undefined)[] {
  return named === undefined ? stackRegions(argv) : [undefined]
}

async function show(ctx: Context, queues: Queues): Promise<void> {
  const now = ctx.now()
  const outbox = await readOutbox(ctx)
  console.log(`region ${ctx.region}`)
  const later = outbox.later > 0 ? `; ${outbox.later} for later` : ''
  console.log(`  ${'outbox'.padEnd(9)} ${outbox.waiting} to publish${backlog(outbox, now)}${later}`)
  for (const { queue, depth, dead, oldest } of await readQueues(ctx, queues, kindsOf)) {
    const about = oldest ? `, the oldest for about ${age(oldest, now)}` : ''
    console.log(`  ${queue.padEnd(9)} ${wordsFor(depth)}${about}; ${sum(dead)} dead`)
    if (sum(dead) === 0) continue
    const letters = await readDeadLetters(ctx, queues, queue)
    for (const { id, kind = '?', sentAt, reason } of letters) {
      console.log(`    ${id}  ${kind}  ${age(sentAt, now)} old  ${reason}`)
    }
    if (sum(dead) > letters.length) console.log(`    … and ${sum(dead) - letters.length} more`)
  }
  const mails = await readMailState(ctx)
  const refused = mails.refused > 0 ? `; ${mails.refused} refused, the last because of ${mails.lastRefusal}` : ''
  console.log(`  ${'mails'.padEnd(9)} ${mails.waiting} to send${backlog(mails, now)}${refused}`)
  for (const { name, error } of await readFailingTasks(ctx)) {
    console.log(`  ${'task'.padEnd(9)} "${name}" failed and is tried again: ${error}`)
  }
}

function backlog(
  { oldest, lastError }: { oldest: Date | undefined; lastError: string | undefined },
  now: Date,
): string {
  const since = oldest ? `, the oldest for ${age(oldest, now)}` : ''
  return lastError ? `${since}; last error: ${lastError}` : since
}

async function redriveAll(ctx: Context, queues: Queues, named: Queue | undefined): Promise<void> {
  for (const queue of named ? [named] : queueNames) {
    const count = await redrive(ctx, queues, queue)
    if (count > 0 || named) console.log(`${ctx.region}: ${count} sent to ${queue} again`)
  }
  if (named && named !== 'mail') return
  const retried = await retryRefusedMails(ctx)
  if (retried > 0) console.log(`${ctx.region}: ${retried} refused mails to be tried again`)
}

async function drop(ctx: Context, queues: Queues, id: string): Promise<void> {
  console.log(`${ctx.region}: ${await dropDeadLetters(ctx, queues, id)} dropped`)
}

async function replay(ctx: Context, text: string): Promise<void> {
  const since = z.iso.datetime({ offset: true }).safeParse(text)
  if (!since.success) throw new UsageError(`Cannot replay since "${text}": must be a time like 2026-11-23T08:00:00Z`)
  console.log(`${ctx.region}: ${await replayOutbox(ctx, new Date(since.data))} to be published again`)
}

function kindsOf(queue: Queue): string[] {
  return Object.entries(jobKinds).flatMap(([kind, entry]) => (entry.queue === queue ? [kind] : []))
}

function sum({ waiting, inFlight, delayed }: Depth): number {
  return waiting + inFlight + delayed
}

function wordsFor({ waiting, inFlight, delayed }: Depth): string {
  return `${waiting} waiting, ${inFlight} in flight${delayed > 0 ? `, ${delayed} delayed` : ''}`
}

function age(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3_600)} h`
}
