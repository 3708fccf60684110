import type { Term } from './terms.ts'

/** Of so many words a post should have that many at least; the same as OpenSearch is asked for. */
function mostOf(words: number): number {
  if (words <= 2) return words
  return Math.floor(words * (words <= 5 ? 0.7 : 0.6))
}

/**
 * The share of all that is asked for, weighed by rarity, that a post must have where hardly any has most of the words: so a
 * word that everything has alone finds nothing, and one rare word does.
 */
const leastCovered = 0.42
/** Terms of which every combination is looked at; of more only the rarest. */
const mostCombined = 7

/** The share by rarity that most of the words must be too: two common words of four are not what was asked for. */
const mostCovered = 0.6

/** The smallest sets of plain words that are most of them. */
export function setsOfMost(wanted: readonly Term[]): Term[][] {
  const words = decidingOf(wanted)
  const terms = rarestOf(words)
  const least = Math.min(mostOf(words.length), terms.length)
  const needed = mostCovered * rarityOf(terms)
  return smallestSets(terms, set => set.length >= least && rarityOf(set) >= needed)
}

/** The smallest sets of plain words that are rare enough together. */
export function setsOfEnough(wanted: readonly Term[]): Term[][] {
  const terms = rarestOf(decidingOf(wanted))
  const needed = leastCovered * rarityOf(terms)
  return smallestSets(terms, set => rarityOf(set) >= needed)
}

/**
 * The words that decide what is found: none that says how a thing is wished, and none that no post has, unless there are
 * no others.
 */
function decidingOf(wanted: readonly Term[]): readonly Term[] {
  const words = wanted.filter(term => !term.required)
  const things = words.filter(term => !term.wish)
  const plain = things.length > 0 ? things : words
  const known = plain.filter(term => term.share > 0)
  return known.length > 0 ? known : plain
}

function rarestOf(terms: readonly Term[]): Term[] {
  return terms.toSorted((a, b) => b.rarity - a.rarity).slice(0, mostCombined)
}

function rarityOf(terms: readonly Term[]): number {
  return terms.reduce((sum, { rarity }) => sum + rarity, 0)
}

/** @param isEnough must stay true when a term is added */
function smallestSets(terms: readonly Term[], isEnough: (set: readonly Term[]) => boolean): Term[][] {
  const found: Term[][] = []
  const extend = (chosen: Term[], from: number) => {
    if (chosen.length > 0 && isEnough(chosen)) {
      found.push(chosen)
      return
    }
    for (let i = from; i < terms.length; i++) {
      const term = terms[i]
      if (term) extend([...chosen, term], i + 1)
    }
  }
  extend([], 0)
  return found
}
