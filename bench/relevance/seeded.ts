import { createHash } from 'node:crypto'

/** Brings items into an order that looks like chance and depends on the seed and their keys alone. */
export function shuffled<T>(items: readonly T[], seed: string, keyOf: (item: T) => string): T[] {
  const hashed = items.map(item => ({ item, hash: hashOf(seed, keyOf(item)) }))
  return hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1)).map(({ item }) => item)
}

/** Gives a source of numbers from 0 to 1 (1 excluded) that is the same for the same seed (mulberry32 of T. Ettinger). */
export function randomFrom(seed: string): () => number {
  let state = Number.parseInt(hashOf(seed, '').slice(0, 8), 16)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of some, by a number from 0 to 1. @throws {Error} when there is none */
export function pick<T>(items: readonly T[], chance: number): T {
  const item = items[Math.floor(chance * items.length)]
  if (item === undefined) throw new Error('Cannot pick one of none')
  return item
}

function hashOf(seed: string, key: string): string {
  return createHash('sha256').update(`${seed}\n${key}`).digest('hex')
}
