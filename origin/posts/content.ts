import { categoryPath } from '../../shared/category.ts'
import type { Money } from '../../shared/money.ts'
import type { Location } from '../../shared/place.ts'
import type { PostInput } from '../../shared/post.ts'
import type { Context } from '../context.ts'
import { blurPoint } from './blur.ts'

type Keys = Pick<Context, 'keys'>

/** Gives the columns of what a seller writes. */
export function contentColumns(ctx: Keys, accountId: string, post: PostInput) {
  return {
    title: post.title,
    description: post.description,
    ...categoryColumns(post.category),
    ...priceColumns(post.price),
    price_kind: post.priceKind,
    condition: post.condition,
    attributes: JSON.stringify(post.attributes),
    ...placeColumns(ctx, accountId, post.location),
  }
}

function categoryColumns(category: string) {
  const path = categoryPath(category)
  const names = new Set(path.map(({ name }) => name))
  return { category, top_category: path[0]?.slug ?? category, category_words: [...names].join(' ') }
}

function priceColumns(price: Money | null) {
  return { price_amount: price?.amount ?? null, price_currency: price?.currency ?? null }
}

/** The exact place and, beside it, the only one that anything public may be computed from. */
function placeColumns({ keys }: Keys, accountId: string, { country, subdivision, city, lat, lon }: Location) {
  const shown = blurPoint(keys['location-blur'], accountId, { lat, lon })
  return { country, subdivision, city, lat, lon, public_lat: shown.lat, public_lon: shown.lon }
}
