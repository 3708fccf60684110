import { wordsOf } from '../../origin/search/query.ts'
import { pick, randomFrom } from './seeded.ts'

const letters = [...'abcdefghijklmnopqrstuvwxyz']
/** Shorter words are seldom misspelt, and one edit makes another word of them. */
const leastLetters = 4

/** Common words for the same thing, each both ways. Most are among the engines' own synonyms too, as those are what people say. */
const sameThings = [
  ['sofa', 'couch'],
  ['bike', 'bicycle'],
  ['tv', 'television'],
  ['phone', 'cellphone'],
  ['dresser', 'chest of drawers'],
  ['nightstand', 'bedside table'],
  ['apartment', 'flat'],
  ['apt', 'apartment'],
  ['bookcase', 'bookshelf'],
  ['armoire', 'wardrobe'],
  ['rug', 'carpet'],
  ['truck', 'pickup'],
  ['chevy', 'chevrolet'],
  ['vw', 'volkswagen'],
  ['mercedes', 'benz'],
  ['kids', 'childrens'],
  ['couch', 'settee'],
  ['womens', 'ladies'],
  ['condo', 'condominium'],
  ['townhouse', 'townhome'],
  ['bedroom', 'br'],
  ['speakers', 'loudspeakers'],
  ['headphones', 'earphones'],
  ['laptop', 'notebook'],
  ['gray', 'grey'],
  ['tires', 'tyres'],
  ['automatic', 'auto'],
  ['house', 'home'],
  ['fixie', 'fixed gear'],
  ['antique', 'vintage'],
  ['ottoman', 'footstool'],
  ['turntable', 'record player'],
  ['mtb', 'mountain bike'],
  ['lamp', 'light'],
] as const

/** Changes one letter of one word of at least four letters: lost, doubled, wrong, or swapped with the next; undefined where no word is fit. */
export function mistype(text: string, seed: string): string | undefined {
  const random = randomFrom(seed)
  const words = wordsOf(text).filter(word => /^\p{L}+$/u.test(word) && word.length >= leastLetters)
  if (words.length === 0) return undefined
  const word = pick(words, random())
  const at = Math.floor(random() * word.length)
  const [before, letter, after] = [word.slice(0, at), word.charAt(at), word.slice(at + 1)]
  const edited = [
    before + after,
    before + letter + letter + after,
    before + pick(letters, random()) + after,
    before + after.charAt(0) + letter + after.slice(1),
  ]
  const changed = edited.filter(other => other.toLowerCase() !== word.toLowerCase())
  return text.replace(word, pick(changed, random()))
}

/** Says one thing in a text otherwise; undefined where nothing has another name. */
export function rename(text: string, seed: string): string | undefined {
  const words = wordsOf(text)
  const names = new Map(words.map(word => [word.toLowerCase(), word]))
  const fit = sameThings.flatMap(([a, b]) => [
    ...(names.has(a) ? [[names.get(a) ?? a, b] as const] : []),
    ...(names.has(b) ? [[names.get(b) ?? b, a] as const] : []),
  ])
  if (fit.length === 0) return undefined
  const [word, other] = pick(fit, randomFrom(seed)())
  return words.map(own => (own === word ? other : own)).join(' ')
}

/** Leaves out one word of a text; undefined where fewer than three would be left. */
export function dropWord(text: string, seed: string): string | undefined {
  const words = wordsOf(text)
  if (words.length < 4) return undefined
  const at = Math.floor(randomFrom(seed)() * words.length)
  return words.filter((_, i) => i !== at).join(' ')
}
