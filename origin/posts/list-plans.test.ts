import { beforeAll, describe, expect, it } from 'vitest'
import { PostQuery } from '../../shared/post.ts'
import { insertCrowd } from '../testing/crowd.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { selectPage } from './listing.ts'

type Node = { 'Node Type': string; 'Index Name'?: string; 'Index Cond'?: string; Plans?: Node[] }

let origin: TestOrigin

beforeAll(async () => {
  origin = await createTestOrigin()
  const { id } = await origin.createAccount()
  await insertCrowd(origin.ctx.db, 'na', id, 20_000, origin.ctx.now())
})

/** Filters, the index in the order of `newest`, the index in the order of `price`. */
const lists: [Record<string, string>, string, string][] = [
  [{}, 'posts_newest', 'posts_price'],
  [{ category: 'bicycles' }, 'posts_category_newest', 'posts_category_price'],
  [{ category: 'bikes' }, 'posts_top_newest', 'posts_top_price'],
  [{ country: 'US' }, 'posts_country_newest', 'posts_price'],
  [{ country: 'US', category: 'bicycles' }, 'posts_country_category_newest', 'posts_category_price'],
  [{ country: 'US', category: 'bikes' }, 'posts_country_top_newest', 'posts_top_price'],
  [{ country: 'US', subdivision: 'US-NY' }, 'posts_subdivision_newest', 'posts_price'],
  [{ near: '41,-74', radius: '10' }, 'posts_place', 'posts_place'],
  [{ near: '41,-74', radius: '10', category: 'bikes' }, 'posts_place', 'posts_place'],
]

describe.each(['newest', 'oldest', 'price', '-price'] as const)('the list by %s', sort => {
  it.each(lists)('under %j is read from its index, first and deep alike', async (filters, byTime, byPrice) => {
    const query = PostQuery.parse({ ...filters, sort })
    const key = sort.endsWith('price') ? 500_000 : origin.ctx.now().getTime() - 15 * 86_400_000
    for (const position of [undefined, ['USD', key, `na_${'0'.repeat(26)}`] as [string, number, string]]) {
      const nodes = await planOf(query, position)
      const scan = nodes.find(node => node['Index Name']?.startsWith('posts_'))
      expect(scan?.['Index Name'], JSON.stringify(nodes)).toBe(sort.endsWith('price') ? byPrice : byTime)
      expect(nodes.some(node => node['Node Type'] === 'Seq Scan' && !node['Index Name'] && isOnPosts(node))).toBe(false)
      if (filters.near) continue
      expect(nodes.map(node => node['Node Type'])).not.toContain('Sort')
      if (position) expect(scan?.['Index Cond']).toContain('ROW(')
    }
  })
})

async function planOf(query: PostQuery, position: [string, number, string] | undefined): Promise<Node[]> {
  const [row] = await selectPage(origin.ctx, query, 'USD', position).explain<Record<string, { Plan: Node }[]>>('json')
  const plan = row?.['QUERY PLAN']?.[0]?.Plan
  return plan ? flatten(plan) : []
}

function flatten(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)]
}

function isOnPosts(node: Node): boolean {
  return (node as { 'Relation Name'?: string })['Relation Name'] === 'posts'
}
