import type { Context } from '../context.ts'
import type { ImageRow } from './images.ts'

/** How often a photo may take the process that works on it along before it is given up. */
export const mostAttempts = 3
/** How long a worker that gives no sign of life keeps a photo from others, in milliseconds. */
const holdFor = 12_000

type Stores = Pick<Context, 'db' | 'now'>

/**
 * Lets one worker at a time make an attempt at a photo that waits for its variants. An attempt counts from its beginning, and is
 * taken back when it throws: so what counts are the processes that died of it. A photo that another worker has is passed over;
 * should that one die, `askAgain` finds it.
 */
export async function attempt(ctx: Stores, id: string, work: (row: ImageRow) => Promise<void>): Promise<void> {
  const row = await hold(ctx, id)
  if (!row) return
  const heartbeat = setInterval(() => void extend(ctx, row).catch(() => {}), holdFor / 4) // the next one may succeed
  try {
    await work(row)
  } catch (error) {
    await giveBack(ctx, row).catch(() => {}) // the hold runs out
    throw error
  } finally {
    clearInterval(heartbeat)
  }
}

function hold({ db, now }: Stores, id: string): Promise<ImageRow | undefined> {
  const at = now()
  return db
    .updateTable('images')
    .set(row => ({ attempts: row('attempts', '+', 1), held_until: new Date(at.getTime() + holdFor) }))
    .where('id', '=', id)
    .where('state', '=', 'processing')
    .where(row => row.or([row('held_until', 'is', null), row('held_until', '<=', at)]))
    .returningAll()
    .executeTakeFirst()
}

/** The number of the attempt names the hold: whoever took the photo over has a higher one. */
async function extend({ db, now }: Stores, { id, attempts }: ImageRow): Promise<void> {
  const until = new Date(now().getTime() + holdFor)
  const held = db.updateTable('images').set({ held_until: until }).where('id', '=', id).where('attempts', '=', attempts)
  await held.where('held_until', 'is not', null).execute()
}

async function giveBack({ db }: Stores, { id, attempts }: ImageRow): Promise<void> {
  const back = { attempts: attempts - 1, held_until: null }
  await db.updateTable('images').set(back).where('id', '=', id).where('attempts', '=', attempts).execute()
}
