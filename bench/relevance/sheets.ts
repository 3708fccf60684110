import type { Ad } from './ads.ts'
import { keyOf, type Pair } from './judgments.ts'
import type { JudgedQuery } from './queries.ts'

/** What a sheet shows of an ad: not its city, which the import gave it by chance. */
export type ShownAd = Pick<Ad, 'title' | 'description' | 'price' | 'attributes'> & { category: string }

/** Characters of a description that are shown from its beginning, and around a word of the query further on. */
const shown = 300
const around = 70
const mostPassages = 4

/** Words that say nothing of what is wanted. */
const small = new Set(
  'a an and any are as at be by for from has have in is it its less no of on or than that the to under with where who'.split(
    ' ',
  ),
)

/**
 * Writes a sheet as lines with tabs between: a line `#`, query, need before the ads of each query, which are key, title,
 * category, price, attributes and description.
 */
export function sheetOf(
  pairs: readonly Pair[],
  queries: ReadonlyMap<string, JudgedQuery>,
  ads: ReadonlyMap<string, ShownAd>,
): string {
  let last = ''
  const lines = pairs.flatMap(pair => {
    const query = queries.get(pair.query)
    const ad = ads.get(pair.ad)
    if (!query || !ad) throw new Error(`Cannot write the row of ${keyOf(pair)}: the query or the ad is not known`)
    const heading = query.id === last ? [] : [['#', query.q, `need: ${query.need}`]]
    last = query.id
    return [...heading, rowOf(keyOf(pair), query, ad)]
  })
  return `${lines.map(line => line.join('\t')).join('\n')}\n`
}

/** The keys that a sheet asks a grade for. */
export function keysOf(sheet: string): string[] {
  const lines = sheet.split('\n').filter(line => line !== '' && !line.startsWith('#'))
  return lines.map(line => line.split('\t')[0] ?? '')
}

/** The beginning of a description, and passages of the rest around words, those of the query first. */
export function excerptOf(description: string, words: readonly string[]): string {
  const text = oneLine(description)
  if (text.length <= shown + around) return text
  const folded = text.toLowerCase()
  const passages: string[] = []
  let from = shown
  const places = words.flatMap(word => placeOf(word, folded) ?? [])
  for (const at of places.sort((a, b) => a - b)) {
    if (at < from || passages.length >= mostPassages) continue
    const begin = Math.max(at - around, from)
    from = Math.min(at + around, text.length)
    passages.push(text.slice(begin, from))
  }
  return [text.slice(0, shown), ...passages].join(' […] ')
}

/** Where a word first begins after what is shown anyway. */
function placeOf(word: string, text: string): number | undefined {
  const begins = new RegExp(`(?<![\\p{L}\\p{N}])${word}`, 'gu')
  begins.lastIndex = shown
  return begins.exec(text)?.index
}

function rowOf(key: string, query: JudgedQuery, ad: ShownAd): string[] {
  const attributes = Object.entries(ad.attributes).map(([name, value]) => `${name}: ${value}`)
  return [
    key,
    oneLine(ad.title),
    ad.category,
    `$${ad.price}`,
    oneLine(attributes.join(', ')),
    excerptOf(ad.description, wordsToShow(query)),
  ]
}

/** Beginnings of the words, so that "drawers" finds "drawer"; where the query is misspelt or says it otherwise, the need's words too. */
function wordsToShow({ kind, q, need }: JudgedQuery): string[] {
  const text = kind === 'typo' || kind === 'synonym' ? `${q} ${need}` : q
  const words = text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? []
  return [...new Set(words.filter(word => !small.has(word)).map(word => (word.length > 4 ? word.slice(0, -1) : word)))]
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
