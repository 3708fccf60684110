import { type SearchResult, searchSorts } from '../../shared/search.ts'
import { Cards } from '../components/Card.tsx'
import { sentence } from '../components/Field.tsx'
import { Icon } from '../components/Icon.tsx'
import { Down, Fault, Nothing } from '../components/SearchEmpty.tsx'
import { SearchFilters } from '../components/SearchFilters.tsx'
import { useSite } from '../context.ts'
import { regionText } from '../format.ts'
import { Island } from '../island.tsx'
import type { SearchPage } from '../page-model.ts'
import { clearLink, searchChips, searchLink, shortQuery, totalText, whereText } from '../search-links.ts'

export function Search(page: SearchPage) {
  const { shell } = useSite()
  const { filters, result } = page
  return (
    <div class="browse">
      <SearchFilters page={page} />
      <section aria-labelledby="title">
        <h1 id="title">
          {result && (result.total.value > 0 ? totalText(result.total, shell.locale) : 'Nothing')}
          {result && filters.q && ' for '}
          {filters.q ? <bdi>“{shortQuery(filters.q)}”</bdi> : !result && 'Search'}
        </h1>{' '}
        <p class="about">{result && whereText(page, shell.place)}</p>
        <Tools page={page} />
        {result && <Lines page={page} result={result} />}
        {result ? <Found page={page} result={result} /> : page.down ? <Down page={page} /> : <Fault page={page} />}
      </section>
    </div>
  )
}

const sortLabels = {
  relevance: 'Best match',
  newest: 'Newest',
  oldest: 'Oldest',
  price: 'Price, low first',
  '-price': 'Price, high first',
  distance: 'Nearest',
}

/** What narrows the search, each a link that lifts it, and the order. */
function Tools({ page }: { page: SearchPage }) {
  const { locale, place } = useSite().shell
  const { q = '', radius, sort = q ? 'relevance' : 'newest' } = page.filters
  const sorts = searchSorts.filter(each => (each !== 'relevance' || q) && (each !== 'distance' || radius))
  const chips = searchChips(page, locale, place.country)
  return (
    <div class="over">
      <div class="chips">
        <button type="button" class="chip open" popovertarget="filters">
          <Icon name="sliders-horizontal" />
          Filters
        </button>
        {chips.map(({ label, href }) => (
          <a key={href} class="chip" href={href}>
            <bdi>{label}</bdi>
            <Icon name="x" />
            <span class="sr"> remove</span>
          </a>
        ))}
        {chips.length > 0 && <a href={clearLink(page)}>Clear all</a>}
      </div>
      <div class="sort">
        <label for="sort">Sort</label>
        <select id="sort" name="sort" form="filters">
          {sorts.map(each => (
            <option key={each} value={each === (q ? 'relevance' : 'newest') ? '' : each} selected={each === sort}>
              {sortLabels[each]}
            </option>
          ))}
        </select>
        <noscript>
          <button type="submit" form="filters" class="btn">
            Sort
          </button>
        </noscript>
      </div>
    </div>
  )
}

/** What is to be known of this answer: another spelling, a search that is not at its best, regions that are silent. */
function Lines({ page, result }: { page: SearchPage; result: SearchResult }) {
  const { locale } = useSite().shell
  const { suggestion, degraded, missingRegions } = result
  return (
    <>
      {suggestion && (
        <p class="line">
          <Icon name="search" />
          <span>
            {suggestion.applied ? 'Showing results for ' : 'Did you mean '}
            <a href={searchLink(page, { q: suggestion.q })}>
              <bdi>{suggestion.q}</bdi>
            </a>
            {suggestion.applied
              ? '. Words in quotation marks stay as they are.'
              : `? ${totalText(suggestion.total, locale)}.`}
          </span>
        </p>
      )}
      {degraded && (
        <p class="line">
          <Icon name="circle-alert" />
          <span>Search runs in its simple mode just now. Everything is here; the best matches may stand lower.</span>
        </p>
      )}
      {missingRegions.length > 0 && (
        <p class="line">
          <Icon name="wifi-off" />
          <span>
            {sentence(`${listText(missingRegions.map(regionText))} did not answer: posts from there are missing`)}
          </span>
        </p>
      )}
    </>
  )
}

function Found({ page, result }: { page: SearchPage; result: SearchResult }) {
  if (result.items.length === 0) return <Nothing page={page} />
  return (
    <>
      <Island name="ages">
        <Cards posts={result.items} from={page.centre} />
      </Island>
      {result.nextCursor ? (
        <a class="btn next" rel="next" href={searchLink(page, { cursor: result.nextCursor })}>
          Show more
        </a>
      ) : (
        <p class="end">That is all.</p>
      )}
    </>
  )
}

function listText(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names)
}
