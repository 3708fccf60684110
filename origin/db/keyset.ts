import { type RawBuilder, sql } from 'kysely'

export type Direction = 'asc' | 'desc'

/**
 * The rows beyond a position in an order, as one row comparison, which a B-tree index answers by seeking.
 * @param columns the order's columns, all in one direction, the last of them unique
 * @param position the values of the last row given, in the same order
 */
export function beyond(
  columns: readonly string[],
  direction: Direction,
  position: readonly unknown[],
): RawBuilder<boolean> {
  const left = sql.join(columns.map(column => sql.ref(column)))
  const right = sql.join(position.map(value => sql`${value}`))
  return direction === 'asc' ? sql`(${left}) > (${right})` : sql`(${left}) < (${right})`
}

/**
 * Cuts a page from rows of which one more than the limit was asked for.
 * @param cursorOf writes the cursor after a row
 * @returns the page, and the cursor after its last row or null when nothing follows
 */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => string,
): { rows: Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page, nextCursor: rows.length > limit && last ? cursorOf(last) : null }
}
