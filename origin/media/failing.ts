import type { Transaction } from 'kysely'
import type { ImageProblem } from '../../shared/media.ts'
import type { Database } from '../db/schema.ts'
import type { ImageRow } from './images.ts'
import { recordRemoval } from './removing.ts'

/**
 * Settles that a photo came to nothing and records the removal of its bytes; its seller is told why. Nobody else has seen it, so
 * nothing is stale.
 * @returns undefined when it is not in the state that it was found in
 */
export async function failImage(
  trx: Transaction<Database>,
  { id, state }: Pick<ImageRow, 'id' | 'state'>,
  problem: ImageProblem,
  now: Date,
): Promise<ImageRow | undefined> {
  const failed = await trx
    .updateTable('images')
    .set({ state: 'failed', problem, settled_at: now, held_until: null })
    .where('id', '=', id)
    .where('state', '=', state)
    .returningAll()
    .executeTakeFirst()
  if (failed) await recordRemoval(trx, [{ ...failed, state }], now)
  return failed
}
