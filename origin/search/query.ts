/**
 * A run of letters and digits, with their marks and with apostrophes within: what both engines call a word, in queries and in
 * posts. Every other sign parts words: "washer/dryer" and "12.9" are two.
 */
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*/gu
/** Every kind of double quotation mark that keyboards write; phones turn the plain one into others. */
const quote = /["\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02]/
/** Words that count; what comes after them changes no result that anybody looks at, and costs. */
const mostWords = 32

/** A query as it is understood. Every entry is a list of words, as typed: one for a plain word, several for a phrase. */
export type ParsedQuery = {
  /** Words that a post should have, the more the better. */
  words: string[]
  /** Words that a post must have side by side, in this order, and no synonym or other spelling instead; one quoted word is such a phrase. */
  phrases: string[][]
  /** Words or phrases that a post must not have. */
  excluded: string[][]
}

/**
 * Reads what somebody typed: plain words, "phrases", and a hyphen before either, which excludes it. Nothing else means
 * anything, so no text is an error: operators of any engine are words like others, a quotation mark that is not closed
 * is no mark, and a hyphen within a word or alone is none either. A query that only excludes is one without words.
 */
export function parseQuery(typed: string): ParsedQuery {
  const query: ParsedQuery = { words: [], phrases: [], excluded: [] }
  let left = mostWords
  const take = (text: string) => {
    const found = wordsOf(text).slice(0, left)
    left -= found.length
    return found
  }
  for (const { text, quoted, excluded } of partsOf(typed)) {
    const found = take(text)
    if (found.length === 0) continue
    if (excluded) query.excluded.push(found)
    else if (quoted) query.phrases.push(found)
    else query.words.push(...found)
  }
  return query
}

/** Gives the words of a text in order, as they are written. */
export function wordsOf(text: string): string[] {
  return text.normalize('NFKC').match(word) ?? []
}

/** Tells whether anything is asked for. */
export function hasWords({ words, phrases }: ParsedQuery): boolean {
  return words.length > 0 || phrases.length > 0
}

/** Gives the words that are asked for, those of phrases too. */
export function wantedWords({ words, phrases }: ParsedQuery): string[] {
  return [...words, ...phrases.flat()]
}

type Part = { text: string; quoted: boolean; excluded: boolean }

/** Cuts at spaces, but not between two quotation marks. */
function partsOf(typed: string): Part[] {
  const parts: Part[] = []
  let rest = typed
  while (rest !== '') {
    const space = /^\s+/.exec(rest)
    if (space) {
      rest = rest.slice(space[0].length)
      continue
    }
    const excluded = /^-[^\s-]/.test(rest)
    const from = excluded ? 1 : 0
    const closing = quote.test(rest.charAt(from)) ? rest.slice(from + 1).search(quote) : -1
    const quoted = closing > 0
    const end = quoted ? from + 1 + closing : endOfWord(rest)
    parts.push({ text: rest.slice(from + (quoted ? 1 : 0), end), quoted, excluded })
    rest = rest.slice(quoted ? end + 1 : end)
  }
  return parts
}

function endOfWord(text: string): number {
  const end = text.search(/\s/)
  return end < 0 ? text.length : end
}
