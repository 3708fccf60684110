import type { CategoryPage } from '../frontend/page-model.ts'
import { browsePath } from '../frontend/page-model.ts'
import { findCategory } from '../shared/category.ts'
import { AppError } from '../shared/errors.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import { type Exchange, hurried } from './exchange.ts'
import { readFilters } from './filters.ts'
import type { Gateway } from './gateway.ts'
import { redirect } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { findViewer } from './session.ts'
import { shellOf } from './shell.ts'

/** The list does not wait longer than this for its count, in milliseconds. */
const patience = 2_000

/** The list of a category (null: of all) with the filters of its plain form. */
export async function browse(gateway: Gateway, exchange: Exchange, category: string | null): Promise<Response> {
  if (category !== null && !findCategory(category)) throw new AppError('category_not_found')
  const { place, locale } = shellOf(gateway, exchange, await findViewer(gateway, exchange))
  const filters = Object.fromEntries(exchange.url.searchParams)
  const { query, wider, ...read } = await readFilters(gateway, exchange, filters, { place, locale })
  const asked = { ...query, category: category ?? undefined }
  const page = { name: 'category', category, filters, ...read } as const
  if (Object.keys(read.errors).length > 0) return show({ ...page, posts: [], nextCursor: null, counts: null }, 422)
  try {
    const counted = { ...asked, cursor: undefined, limit: undefined }
    const [{ items, nextCursor }, counts] = await Promise.all([
      callApi(gateway, exchange, 'listPosts', { query: asked }),
      callApi(gateway, hurried(exchange, gateway.now(), patience), 'countPosts', { query: counted }).catch(() => null),
    ])
    if (items.length > 0 || !wider) return show({ ...page, posts: items, nextCursor, counts })
    const elsewhere = await callApi(gateway, hurried(exchange, gateway.now(), patience), 'listPosts', {
      query: { ...wider, category: category ?? undefined },
    }).catch(() => ({ items: [] }))
    return show({ ...page, posts: items, nextCursor, counts, elsewhere: elsewhere.items })
  } catch (error) {
    // A link with a cursor of another list, or of an older site, still leads to the list.
    if (knownError(error).code === 'invalid_cursor') return redirect(withoutCursor(category, filters))
    throw error
  }

  function show(model: CategoryPage, status = 200) {
    return respondWithPage(gateway, exchange, model, { status })
  }
}

function withoutCursor(category: string | null, { cursor: _, ...filters }: Record<string, string>): string {
  return `${category === null ? browsePath : `/c/${category}`}?${new URLSearchParams(filters)}`
}
