import { createRandom, type Random } from '../infra/local/demo/random.ts'
import { importPosts } from '../origin/posts/import.ts'
import { insertSeller, type Origin } from './database.ts'

/** An ad of `../shared/data/listings.ndjson`. */
type Ad = { category: string; title: string; description: string; price: number; attributes: Record<string, string> }

/** Sellers that the posts belong to: suggestions are what more than one of them says. */
const sellers = 20

/**
 * Fills a database with posts that nobody wrote: their words follow each other as in real ads of the same category (a chain
 * of single words), so that words are as common, as rare and as often together as there. The same seed gives the same posts.
 */
export async function insertSearchCrowd(ctx: Origin, lines: readonly string[], count: number): Promise<void> {
  const random = createRandom(`search crowd of ${count}`)
  const ads = lines.map(line => JSON.parse(line) as Ad)
  const chains = new Map(
    [...new Set(ads.map(({ category }) => category))].map(category => {
      const own = ads.filter(ad => ad.category === category)
      return [category, { titles: chainOf(own.map(ad => ad.title)), texts: chainOf(own.map(ad => ad.description)) }]
    }),
  )
  const each = Math.ceil(count / sellers)
  for (let first = 0; first < count; first += each) {
    await importPosts(ctx, await insertSeller(ctx), made(first, Math.min(first + each, count)))
  }

  async function* made(from: number, to: number): AsyncGenerator<Uint8Array> {
    for (let i = from; i < to; i++) {
      const ad = random.pick(ads)
      const { titles, texts } = chains.get(ad.category) as { titles: Chain; texts: Chain }
      const title = walk(titles, random, ad.title.split(/\s+/).length).slice(0, 100) || ad.category
      const description = walk(texts, random, ad.description.split(/\s+/).length).slice(0, 4_000) || title
      yield Buffer.from(`${JSON.stringify({ ...ad, id: `made-${i}`, title, description })}\n`)
    }
  }
}

/** What may follow a word, as often as it does; the first words of texts follow the empty one. */
type Chain = Map<string, string[]>

function chainOf(texts: readonly string[]): Chain {
  const chain: Chain = new Map()
  for (const text of texts) {
    let last = ''
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const followers = chain.get(last) ?? []
      followers.push(word)
      chain.set(last, followers)
      last = word
    }
  }
  return chain
}

function walk(chain: Chain, random: Random, length: number): string {
  const words: string[] = []
  let last = ''
  while (words.length < length) {
    const followers = chain.get(last) ?? chain.get('') ?? []
    last = random.pick(followers)
    words.push(last)
  }
  return words.join(' ')
}
