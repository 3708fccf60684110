import type { OwnPost, OwnStatus, PostInput } from '../../shared/post.ts'
import type { Region } from '../../shared/regions.ts'
import type { TestAccount } from './factories.ts'
import type { TestOrigin } from './harness.ts'

const day = 86_400_000

const places = {
  na: { country: 'US', subdivision: 'US-NY', city: 'New York', lat: 40.7128, lon: -74.006 },
  eu: { country: 'DE', subdivision: 'DE-BE', city: 'Berlin', lat: 52.5244, lon: 13.4105 },
  ap: { country: 'AU', subdivision: 'AU-NSW', city: 'Sydney', lat: -33.8679, lon: 151.2073 },
} as const satisfies Record<Region, PostInput['location']>

/** A post that is in order in a region. */
export function somePost(region: Region = 'na'): PostInput {
  return {
    title: 'Dutch city bike',
    description: 'Seven gears, new tyres.',
    category: 'bicycles',
    price: { amount: 18_000, currency: 'USD' },
    priceKind: 'fixed',
    condition: 'good',
    attributes: { brand: 'Gazelle', gears: 7 },
    location: places[region],
  }
}

/** Makes a post over HTTP and brings it into a state by what leads there, or by turning its times back. */
export async function createTestPost(
  origin: TestOrigin,
  { token }: TestAccount,
  status: OwnStatus = 'active',
  input: Partial<PostInput> = {},
): Promise<OwnPost> {
  const made = await origin.request('POST', '/posts', { token, body: { ...somePost(origin.region), ...input } })
  if (made.status !== 201) throw new Error(`Cannot make a post: ${made.status} ${made.text}`)
  const { id } = made.body
  if (status === 'draft') return made.body
  const act = async (method: string, resource: string) => {
    const reply = await origin.request(method, `/posts/${id}/${resource}`, { token })
    if (reply.status !== 200) throw new Error(`Cannot ${method} ${resource}: ${reply.status} ${reply.text}`)
  }
  await act('PUT', 'publication')
  if (status === 'reserved') await act('PUT', 'reservation')
  if (status === 'sold') await act('PUT', 'sale')
  if (status === 'withdrawn') await act('DELETE', 'publication')
  if (status === 'expired') await turnBack(origin, id, 31 * day)
  if (status === 'removed') await setRemoved(origin, id)
  return (await origin.request('GET', `/posts/${id}`, { token })).body
}

/** Makes all of a post's times earlier, as if it had been made then. */
export async function turnBack({ ctx }: TestOrigin, id: string, milliseconds: number): Promise<void> {
  const row = await ctx.db.selectFrom('posts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const earlier = (date: Date | null) => (date ? new Date(date.getTime() - milliseconds) : null)
  await ctx.db
    .updateTable('posts')
    .set({
      created_at: new Date(row.created_at.getTime() - milliseconds),
      published_at: earlier(row.published_at),
      bumped_at: earlier(row.bumped_at),
      renewed_at: earlier(row.renewed_at),
      expires_at: earlier(row.expires_at),
      sold_at: earlier(row.sold_at),
      ended_at: earlier(row.ended_at),
    })
    .where('id', '=', id)
    .execute()
}

async function setRemoved({ ctx }: TestOrigin, id: string): Promise<void> {
  const columns = { status: 'removed', removed_from: 'active', removal_reason: 'Not allowed here' } as const
  await ctx.db.updateTable('posts').set(columns).where('id', '=', id).execute()
}
