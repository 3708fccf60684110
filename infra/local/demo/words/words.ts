import type { conditions } from '../../../../shared/category.ts'
import type { Region } from '../../../../shared/regions.ts'

export type Condition = (typeof conditions)[number]
type Value = string | number | boolean

/**
 * One thing that people sell. Lists in `attributes` and `usd` go together: the third price belongs to the third storage.
 * Titles and sentences may name an attribute in braces, and `{area}` and `{city}`.
 */
export type Item = {
  leaf: string
  /** Price in good condition in the United States; 0 is free, -1 on request. See `priceOf` for homes and vehicles. */
  usd: number | readonly number[]
  titles: readonly string[]
  attributes: Readonly<Record<string, Value | readonly Value[]>>
  says: readonly string[]
  only?: readonly Region[]
  conditions?: readonly Condition[]
  /** When it is not the category's own. */
  handover?: Handover
  /** Its own sentences say all: none about wear or reasons is added. */
  bare?: boolean
}

/** How a thing changes hands, which decides the closing sentence. */
export type Handover = 'small' | 'large' | 'yard' | 'collect' | 'ride' | 'vehicle' | 'home' | 'none'

export type Words = {
  handover: Handover
  items: readonly Item[]
  /** Sentences about wear; an empty table is for what has no condition. */
  wear: Partial<Record<Condition, readonly string[]>>
  reasons: readonly string[]
}

/** Writes an item in one breath: titles and sentences are separated by " | ". */
export function item(
  leaf: string,
  usd: Item['usd'],
  titles: string,
  attributes: Item['attributes'],
  says: string,
  rest: Pick<Item, 'only' | 'conditions' | 'handover' | 'bare'> = {},
): Item {
  return { leaf, usd, titles: titles.split(' | '), attributes, says: says.split(' | '), ...rest }
}
