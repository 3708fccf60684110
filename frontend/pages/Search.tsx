import { attributesOf, findCategory } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { type SearchResult, searchSorts } from '../../shared/search.ts'
import { Cards } from '../components/Card.tsx'
import { Empty } from '../components/Empty.tsx'
import { faultText, sentence } from '../components/Field.tsx'
import { Icon } from '../components/Icon.tsx'
import { SearchFilters } from '../components/SearchFilters.tsx'
import { useSite } from '../context.ts'
import { regionText } from '../format.ts'
import { Island } from '../island.tsx'
import type { SearchPage } from '../page-model.ts'
import {
  areaText,
  clearLink,
  everywhereLink,
  filterCount,
  type Lead,
  searchChips,
  searchLeads,
  searchLink,
  shortQuery,
  totalText,
  whereText,
} from '../search-links.ts'

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
            Did you mean{' '}
            <a href={searchLink(page, { q: suggestion.q })}>
              <bdi>{suggestion.q}</bdi>
            </a>
            ? {totalText(suggestion.total, locale)}.
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

function Nothing({ page }: { page: SearchPage }) {
  const { shell } = useSite()
  const [best, ...others] = searchLeads(page)
  const text = ({ label, total }: Lead) =>
    total === null ? label : `${label}: ${totalText({ value: total, relation: 'eq' }, shell.locale)}`
  return (
    <Empty icon={(page.category && findCategory(page.category)?.icon) || 'search'} title="Nothing matches yet">
      <p>{adviceFor(page)}</p>
      {best && (
        <a class="btn sea" href={best.href}>
          {text(best)}
        </a>
      )}
      {others.length > 0 && (
        <ul class="leads">
          {others.map(lead => (
            <li key={lead.href}>
              <a href={lead.href}>{text(lead)}</a>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a href={page.category ? `${paths.sell()}?category=${page.category}` : paths.sell()}>Sell something</a>
      </p>
    </Empty>
  )
}

function adviceFor(page: SearchPage): string {
  if (filterCount(page) === 0) return 'Try fewer words, or others for the same thing.'
  return page.filters.q ? 'Take a filter away, or try other words.' : 'Take a filter away, or be the first to post.'
}

/** The region is silent; what was asked for stands in the address, the form and here. */
function Down({ page }: { page: SearchPage }) {
  const { requestId } = useSite().shell
  return (
    <Empty
      icon="wifi-off"
      title={`No answer from ${page.filters.area === 'world' ? 'any region' : areaText('region', page)}`}
    >
      <p>Your search is kept. Try again in a minute.</p>
      <a class="btn sea" href={searchLink(page, {})}>
        Try again
      </a>
      {page.down?.elsewhere && page.filters.area !== 'world' && (
        <a class="btn" href={everywhereLink(page)}>
          Search the other regions
        </a>
      )}
      <p class="soft">
        <small>If you write to us about it, name {requestId}.</small>
      </p>
    </Empty>
  )
}

const fieldLabels: Readonly<Record<string, string>> = {
  q: 'What you look for',
  min: 'Lowest price',
  max: 'Highest price',
  place: 'The city',
  radius: 'The distance',
  category: 'The category',
  area: 'The area',
  currency: 'The currency',
}

/** What is wrong with the form; it stands beside its fields too, which on phones are not in sight. */
function Fault({ page }: { page: SearchPage }) {
  const attributes = attributesOf(page.category ?? '').flatMap(({ key, label }) => [
    [`attr.${key}`, label],
    [`attr.${key}.min`, `${label} (min)`],
    [`attr.${key}.max`, `${label} (max)`],
  ])
  const labels: Record<string, string> = { ...fieldLabels, ...Object.fromEntries(attributes) }
  return (
    <Empty icon="sliders-horizontal" title="A filter needs another look">
      {Object.entries(page.errors).map(([name, message]) => (
        <p key={name} class="fault" id={`fault-${name}`}>
          {faultText(labels[name] ?? 'It', message)}
        </p>
      ))}
    </Empty>
  )
}

function listText(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names)
}
