/*
 * Words by which people say how they would like a thing rather than what it is: they belong to searches, and hardly to the posts that
 * are meant. As rare words of posts they would decide what comes first.
 */
export const wishes: ReadonlySet<string> = new Set(
  `affordable bargain bargains bucks budget buy cheap cheaper cheapest comfortable comfy cost costs deal deals decent discount dollar
  dollars find good great help inexpensive less looking lovely need nice please price priced quality reasonable reasonably reliable
  sale search seeking somebody someone something under want works`.split(/\s+/),
)

/** Tells whether a word says how a thing is wished rather than what it is. */
export function isWish(word: string): boolean {
  return wishes.has(word.toLowerCase())
}
