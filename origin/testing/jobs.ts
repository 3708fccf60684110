import { isJobKind } from '../../shared/jobs.ts'
import { isRegion, type Region } from '../../shared/regions.ts'
import type { Mail } from '../adapters/ses.ts'
import { doJob } from '../jobs.ts'
import { readMessage, writeMessage } from '../message.ts'
import type { TestOrigin } from './harness.ts'

/**
 * Does what the outboxes of a world ask for, in the region that each row names, until nothing is left.
 * @returns the mails, which go nowhere
 */
export async function runJobs(world: Partial<Record<Region, TestOrigin>>): Promise<Mail[]> {
  const mails: Mail[] = []
  for (let done = -1; done !== 0; ) {
    done = 0
    for (const origin of Object.values(world)) done += await runOutbox(origin, world, mails)
  }
  return mails
}

async function runOutbox(
  { ctx, region }: TestOrigin,
  world: Partial<Record<Region, TestOrigin>>,
  mails: Mail[],
): Promise<number> {
  const rows = await ctx.db.selectFrom('outbox').selectAll().where('done_at', 'is', null).orderBy('id').execute()
  for (const row of rows) {
    const target = world[isRegion(row.region) ? row.region : region]
    if (target && isJobKind(row.kind)) {
      const message = writeMessage(row, ctx.now())
      const job = readMessage({ ...message, messageId: row.id, receives: 1, sentAt: ctx.now() })
      const mailer = {
        async send(mail: Mail) {
          mails.push(mail)
          return { messageId: crypto.randomUUID() }
        },
      }
      await doJob({ ...target.ctx, mailer }, job)
    }
    await ctx.db.updateTable('outbox').set({ done_at: ctx.now() }).where('id', '=', row.id).execute()
  }
  return rows.length
}
