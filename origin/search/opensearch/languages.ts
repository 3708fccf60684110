import { synonymGroups } from '../synonyms.ts'

/** Words without a meaning of their own, which nobody looks for (Snowball's list, shortened). */
const englishStopWords =
  `a about after all am an and any are as at be because been before being between both but by can could did do does doing
  during each for from further had has have having he her here hers him his how i if in into is it its itself just me more
  most my myself no nor not of on once only or other our ours out over own s same she should so some such t than that the their
  theirs them then there these they this those through to too under until up very was we were what when where which while who
  whom why will with would you your yours`.split(/\s+/)

/**
 * How a language is read. An entry here gives it analyzers (`NAME_stems` and those beside it) and a field of each text (`title.NAME`;
 * English has the text's own) in the next index that is built. Queries ask the fields of English until `words.ts` names others.
 */
export type Language = { stopWords: readonly string[]; stemmers: readonly string[]; synonyms: readonly string[] }

export const languages = {
  english: {
    stopWords: englishStopWords,
    stemmers: ['possessive_english', 'porter2'],
    synonyms: rulesWithout(englishStopWords),
  },
} as const satisfies Record<string, Language>

/**
 * Writes the synonyms in Solr's form. Their names are read by the filters before them, so that they are compared as stems,
 * as the words of a query are. A name with a stop word would leave a gap in its rule and is left out.
 */
function rulesWithout(stopWords: readonly string[]): string[] {
  return synonymGroups.flatMap(({ names, oneSided }) => {
    const usable = names.filter(name => !name.some(word => stopWords.includes(word))).map(name => name.join(' '))
    const [first, ...others] = usable
    if (first === undefined || others.length === 0) return []
    return oneSided ? [`${first} => ${usable.join(', ')}`] : [usable.join(', ')]
  })
}
