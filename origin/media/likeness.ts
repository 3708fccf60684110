import { sql } from 'kysely'
import type { Context } from '../context.ts'

/**
 * In how many of 64 bits two photos may differ that count as nearly the same. Encoded, scaled, stretched or lit anew a photo
 * differs from itself in 6 at most, and different photos differ in 22 at least (`likeness.test.ts`).
 */
export const mostDifferent = 7
/** Likenesses that are written down for one photo; a picture that everybody posts must not make a row for each pair. */
const mostFound = 20
const bands = [0, 16, 32, 48]

/**
 * Writes down which photos of other accounts look nearly the same as one that is ready, and in how many bits they differ.
 * Call it after the photo's hash is committed: of two photos at a time, whichever is later then finds the other. Repeats
 * harmlessly. See decision 081 for how it scales.
 */
export async function recordLikenesses({ db, now }: Pick<Context, 'db' | 'now'>, imageId: string): Promise<void> {
  const row = await db
    .selectFrom('images')
    .select(['account_id', 'perceptual_hash'])
    .where('id', '=', imageId)
    .executeTakeFirst()
  if (!row?.perceptual_hash) return
  await sql`
    INSERT INTO image_likenesses (image_id, other_id, distance, found_at)
    SELECT greatest(id, ${imageId}), least(id, ${imageId}), distance, ${now()}
    FROM (${selectNearest(row.perceptual_hash)}) AS nearest
    WHERE account_id <> ${row.account_id}
    ORDER BY distance, id DESC
    LIMIT ${mostFound}
    ON CONFLICT DO NOTHING`.execute(db)
}

/**
 * Gives a query for the photos within the bound of a hash. Of four bands of 16 bits at least one differs in one bit at most,
 * or all four would differ in eight together: so the 17 values next to each band find them all, by four indexes (multi-index
 * hashing: Norouzi, Punjani, Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", 2012).
 * @param hash 64 bits as a signed number, as they are stored
 */
export function selectNearest(hash: string) {
  const near = bands.map(shift => {
    const values = sql.join(
      valuesNextTo(Number((BigInt(hash) >> BigInt(shift)) & 0xffffn)).map(value => sql.lit(value)),
    )
    return sql`((perceptual_hash >> ${sql.lit(shift)}) & 65535) IN (${values})`
  })
  const distance = sql`bit_count((perceptual_hash # ${hash}::bigint)::bit(64))`
  return sql<{ id: string; account_id: string; distance: number }>`
    SELECT id, account_id, ${distance} AS distance FROM images
    WHERE (${sql.join(near, sql` OR `)}) AND ${distance} <= ${mostDifferent}`
}

function valuesNextTo(band: number): number[] {
  return [band, ...Array.from({ length: 16 }, (_, bit) => band ^ (1 << bit))]
}
