import type { SearchPage } from '../frontend/page-model.ts'
import type { AppError } from '../shared/errors.ts'
import { paths } from '../shared/paths.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { redirect } from './navigation.ts'
import { respondWithPage } from './page-response.ts'
import { readSearch } from './search-filters.ts'
import { findViewer } from './session.ts'
import { shellOf } from './shell.ts'

/** What the search finds for the fields of its plain form; what cannot be read is said beside what was typed. */
export async function searchPage(gateway: Gateway, exchange: Exchange): Promise<Response> {
  const { place, locale } = shellOf(gateway, exchange, await findViewer(gateway, exchange))
  const { query, ...read } = await readSearch(gateway, exchange, { place, locale })
  const page = { name: 'search', ...read, cursor: query.cursor !== undefined } as const
  if (Object.keys(read.errors).length > 0) return refuse(read.errors)
  try {
    const result = await callApi(gateway, exchange, 'searchPosts', { query: { ...query, limit: 24 } })
    return respondWithPage(gateway, exchange, { ...page, result })
  } catch (error) {
    const known = knownError(error)
    // A link with a cursor of another search, or of an older site, still leads to the search.
    if (query.cursor !== undefined && isAboutCursor(known)) return redirect(withoutCursor(exchange))
    if (known.code === 'invalid_input') return refuse(errorsOf(known))
    throw error
  }

  function refuse(errors: SearchPage['errors']) {
    return respondWithPage(gateway, exchange, { ...page, errors, result: null }, { status: 422 })
  }
}

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
