import { indexPatternOf } from '../opensearch/names.ts'
import { type Indexing, isOfThisMapping, makeLive, readIndexes, settleIndexes } from './indexes.ts'
import { whileLocked } from './lock.ts'
import { type Mended, reconcileIndex } from './reconciling.ts'

/** There is nothing to go back to. */
export class NoPreviousError extends Error {}

/**
 * Lets searches go to the previous index again; the one that they went to takes its place. Changes have gone to both, and what one
 * has missed is mended before.
 * @returns the index that is searched now, and what was mended in it
 * @throws NoPreviousError, BusyError
 */
export function rollBack(ctx: Indexing): Promise<Mended & { index: string }> {
  return whileLocked(ctx, async stillOurs => {
    await settleIndexes(ctx)
    const previous = (await readIndexes(ctx.db)).find(({ state }) => state === 'previous')
    if (!previous) throw new NoPreviousError('Cannot roll back: there is no previous index')
    const mended = await reconcileIndex(ctx, previous.name)
    await ctx.openSearch.refresh(previous.name)
    await stillOurs()
    await makeLive(ctx, previous.name)
    return { ...mended, index: previous.name }
  })
}

/** Mends the index that is searched, and the previous one if it has the same mapping. @throws BusyError */
export function reconcileAll(
  ctx: Indexing,
  tell: (index: string, id: string, drift: string) => void = () => {},
): Promise<(Mended & { index: string })[]> {
  return whileLocked(ctx, async () => {
    await settleIndexes(ctx)
    const results = []
    const there = await ctx.openSearch.listIndexes(indexPatternOf(ctx.alias))
    const indexes = (await readIndexes(ctx.db)).filter(
      ({ name, state }) => state === 'live' || (state === 'previous' && there.includes(name) && isOfThisMapping(name)),
    )
    for (const { name } of indexes)
      results.push({ index: name, ...(await reconcileIndex(ctx, name, (id, drift) => tell(name, id, drift))) })
    return results
  })
}
