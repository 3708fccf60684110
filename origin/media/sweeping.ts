import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { mostAttempts } from './attempts.ts'
import { askForVariants } from './completing.ts'
import { failImage } from './failing.ts'
import { recordRemoval } from './removing.ts'

/** How long an announced photo waits for its file, in milliseconds; the permission to send it is long over by then. */
const waitsForFile = 3_600_000
/** How long the workers have from when they were asked until they are asked again, in milliseconds. */
const patience = { least: 10_000, most: 60_000 }

/** Gives up photos whose file was never said to be there; row and bytes go. @returns how many it was */
export async function clearUnfinishedUploads({ db, now }: Context, batch: number): Promise<number> {
  const at = now()
  return db.transaction().execute(async trx => {
    const rows = await trx
      .deleteFrom('images')
      .where('id', 'in', images =>
        images
          .selectFrom('images')
          .select('id')
          .where('settled_at', 'is', null)
          .where('state', '=', 'uploading')
          .where('created_at', '<=', new Date(at.getTime() - waitsForFile))
          .limit(batch)
          .forUpdate()
          .skipLocked(),
      )
      .returningAll()
      .execute()
    await recordRemoval(trx, rows, at)
    return rows.length
  })
}

/**
 * Asks again for the variants of photos that nobody works on: a message is lost, or a worker died. The older a photo is, the
 * longer is the pause, for then there are many before it. One that has ended its worker time and again is given up.
 * @returns how many it was
 */
export async function askAgain({ db, now }: Context, batch: number): Promise<number> {
  const at = now()
  const ago = (milliseconds: number) => new Date(at.getTime() - milliseconds)
  const long = sql<boolean>`(asked_at <= ${ago(patience.most)} OR asked_at + (${at}::timestamptz - completed_at) / 2 <= ${at})`
  const due = sql<boolean>`(attempts >= ${mostAttempts} OR (asked_at <= ${ago(patience.least)} AND ${long}))`
  return db.transaction().execute(async trx => {
    const rows = await trx
      .selectFrom('images')
      .selectAll()
      .where('settled_at', 'is', null)
      .where('state', '=', 'processing')
      .where(row => row.or([row('held_until', 'is', null), row('held_until', '<=', at)]))
      .where(due)
      .orderBy('created_at')
      .limit(batch)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const row of rows) {
      if (row.attempts >= mostAttempts) await failImage(trx, row, 'unreadable', at)
      else {
        await trx.updateTable('images').set({ asked_at: at }).where('id', '=', row.id).execute()
        await askForVariants(trx, row.id)
      }
    }
    return rows.length
  })
}
