import type { SearchPage } from '../frontend/page-model.ts'
import { filterCount } from '../frontend/search-links.ts'
import type { AppError } from '../shared/errors.ts'
import { paths } from '../shared/paths.ts'
import type { SearchHelp } from '../shared/search.ts'
import { callApi } from './dispatch.ts'
import { logFailure } from './error-page.ts'
import { knownError } from './errors.ts'
import { type Exchange, hurried } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { redirect } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { readSearch } from './search-filters.ts'
import { findViewer } from './session.ts'
import { shellOf } from './shell.ts'

/** Nobody waits longer for a search, in milliseconds; nor for what would lead on where it finds nothing. */
const patience = 4_000
const leadPatience = 2_000

/**
 * What the search finds for the fields of its plain form; what cannot be read is said beside what was typed, and so is a region
 * that does not answer.
 */
export async function searchPage(gateway: Gateway, exchange: Exchange): Promise<Response> {
  const { place, locale } = shellOf(gateway, exchange, await findViewer(gateway, exchange))
  const soon = hurried(exchange, gateway.now(), patience)
  const { query, trouble, ...read } = await readSearch(gateway, soon, { place, locale })
  const page = { name: 'search', ...read, cursor: query.cursor !== undefined } as const
  if (trouble) return apologize(trouble)
  if (Object.keys(read.errors).length > 0) return refuse(read.errors)
  try {
    const result = await callApi(gateway, soon, 'searchPosts', { query: { ...query, limit: 24 } })
    const lifted = result.items.length === 0 ? await countLifted(gateway, exchange, page, query, result.help) : {}
    return respondWithPage(gateway, exchange, { ...page, result, lifted })
  } catch (error) {
    const known = knownError(error)
    // A link with a cursor of another search, or of an older site, still leads to the search.
    if (query.cursor !== undefined && isAboutCursor(known)) return redirect(withoutCursor(exchange))
    if (known.code === 'invalid_input') return refuse(errorsOf(known))
    if (known.status === 503 || known.status === 502) return apologize(known)
    throw error
  }

  function refuse(errors: SearchPage['errors']) {
    return respondWithPage(gateway, exchange, { ...page, errors, result: null }, { status: 422 })
  }

  async function apologize(error: AppError) {
    logFailure(gateway, exchange, error)
    const down = { elsewhere: Object.values(gateway.settings.origins).filter(Boolean).length > 1 }
    const response = await respondWithPage(gateway, exchange, { ...page, result: null, down }, { status: error.status })
    for (const [name, value] of Object.entries(error.headers)) response.headers.set(name, value)
    return response
  }
}

/** How much there is in all categories, and without any filter, where the help of the search does not say that. */
async function countLifted(
  gateway: Gateway,
  exchange: Exchange,
  { filters, country }: Read,
  query: Query,
  help: SearchHelp | null,
): Promise<NonNullable<SearchPage['lifted']>> {
  const soon = hurried(exchange, gateway.now(), leadPatience)
  const count = (asked: Query) =>
    callApi(gateway, soon, 'searchPosts', { query: { ...asked, cursor: undefined, limit: 1 } }).then(
      ({ total }) => total.value,
      () => null,
    )
  const { category: _, ...others } = query
  const anyCategory = Object.fromEntries(Object.entries(others).filter(([name]) => !name.startsWith('attr.')))
  // The help keeps the category, and the whole region that a circle lay in.
  const helped = help && query.category === undefined && query.country !== undefined
  const without = () => (helped ? (help.withoutAll?.total ?? 0) : count({ q: query.q, country }))
  const [inAllCategories, withoutFilters] = await Promise.all([
    query.category === undefined ? undefined : count(anyCategory),
    filterCount({ filters }) > 1 ? without() : undefined,
  ])
  return {
    ...(inAllCategories !== undefined && { inAllCategories }),
    ...(withoutFilters !== undefined && { withoutFilters }),
  }
}
type Query = Awaited<ReturnType<typeof readSearch>>['query']
type Read = Pick<SearchPage, 'filters' | 'country'>

function isAboutCursor({ code, errors = [] }: AppError): boolean {
  return code === 'invalid_cursor' || errors.some(({ field }) => field === 'cursor')
}

function withoutCursor({ url }: Exchange): string {
  const query = new URLSearchParams(url.search)
  query.delete('cursor')
  return query.size ? `${paths.search()}?${query}` : paths.search()
}

const fields: Readonly<Record<string, string>> = {
  minPrice: 'min',
  maxPrice: 'max',
  near: 'place',
  radius: 'place',
  subdivision: 'area',
  scope: 'area',
}

/** The API's errors by the names of the form. */
function errorsOf({ errors = [] }: AppError): Record<string, string> {
  const byField: Record<string, string> = {}
  for (const { field, message } of errors) byField[fields[field] ?? field] ??= message
  return byField
}
