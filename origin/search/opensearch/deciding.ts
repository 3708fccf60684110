import type { ParsedQuery } from '../query.ts'
import { canBeMisspelled } from '../spelling.ts'
import { synonymGroups } from '../synonyms.ts'
import { isWish } from '../wishes.ts'
import { languages } from './languages.ts'
import type { Frequencies, Meant } from './spelling.ts'

/** Words of a query up to which other spellings are looked for: what is longer says enough, and would cost too much. */
const mostFuzzy = 8

/** Of a script that writes words out of letters: others are cut into signs, of which each is a word. */
const lettered = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{M}'’]+$/u

const stopWords: ReadonlySet<string> = new Set(languages.english.stopWords)
const named = new Set(synonymGroups.flatMap(({ names }) => names.flat()))

/** Gives the phrases of which any word counts. */
export function countingPhrases({ phrases }: Pick<ParsedQuery, 'phrases'>): string[][] {
  return phrases.filter(phrase => withoutStopWords(phrase).length > 0)
}

/** Gives the words that decide what is found, as they were most likely meant. */
export function decidingWords({ words }: Pick<ParsedQuery, 'words'>, meant: Meant): string[] {
  return readings(parted(withoutStopWords(words)).things, meant)[0] ?? []
}

/** Gives the words that may have been misspelled: no numbers, nothing short, nothing that has synonyms. */
export function misspellable({ words }: Pick<ParsedQuery, 'words'>): string[] {
  return withoutStopWords(words).filter(
    word => canBeMisspelled(word) && lettered.test(word) && !named.has(word.toLowerCase()),
  )
}

/** Gives the words that may be read as any that is spelled alike: none of a long query, which says enough. */
export function fuzzyCandidates({ words }: Pick<ParsedQuery, 'words'>): string[] {
  return withoutStopWords(words).length > mostFuzzy ? [] : misspellable({ words })
}

/** The words as they were most likely meant, then with one of them otherwise: another guess, or as it was typed, as a few posts may have it. */
export function readings(words: readonly string[], meant: Meant): string[][] {
  const likely = words.map(word => meant.get(word)?.[0] ?? word)
  const others = words.flatMap((word, i) => {
    const guesses = meant.get(word)
    return guesses ? [...guesses.slice(1), word].map(other => likely.with(i, other)) : []
  })
  return [likely, ...others]
}

/** Leaves out the words that nobody looks for. */
export function withoutStopWords(words: readonly string[]): string[] {
  return words.filter(word => !stopWords.has(word.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '')))
}

/** What no post has asks nothing of the other words, unless there are none. */
export function knownWords(words: readonly string[], frequencies: Frequencies): readonly string[] {
  const known = words.filter(word => frequencies.get(word) !== 0 || named.has(word.toLowerCase()))
  return known.length > 0 ? known : words
}

/** Wishes decide nothing that is found, unless there is nothing else. */
export function parted(words: readonly string[]): { things: readonly string[]; wishes: readonly string[] } {
  const things = words.filter(word => !isWish(word))
  return things.length > 0 ? { things, wishes: words.filter(isWish) } : { things: words, wishes: [] }
}
