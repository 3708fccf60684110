import { categories, categoryPath, findCategory } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { subdivisionName } from '../../shared/subdivisions.ts'
import { Cards } from '../components/Card.tsx'
import { Crumbs } from '../components/Crumbs.tsx'
import { Empty } from '../components/Empty.tsx'
import { faultText } from '../components/Field.tsx'
import { Filters } from '../components/Filters.tsx'
import { Icon } from '../components/Icon.tsx'
import { useSite } from '../context.ts'
import { activeFilters, withFilters } from '../filters.ts'
import { inCountryText, plural } from '../format.ts'
import { Island } from '../island.tsx'
import { browsePath, type CategoryPage } from '../page-model.ts'

export function Category(page: CategoryPage) {
  const { shell } = useSite()
  const name = page.category ? findCategory(page.category)?.name : 'Everything'
  return (
    <>
      {page.category ? <Crumbs category={page.category} last /> : <p class="crumbs" />}
      <div class="browse">
        <Kinds category={page.category} />
        <Filters page={page} />
        <section aria-labelledby="title">
          <h1 id="title">{name}</h1>{' '}
          <p class="about">
            {totalText(page.counts, shell.locale)} {whereText(page, shell.place)}
          </p>
          <Chips page={page} />
          <Results page={page} />
        </section>
      </div>
    </>
  )
}

/** The categories one step down, or beside this one. */
function Kinds({ category }: { category: string | null }) {
  const [top] = category ? categoryPath(category) : []
  const items = top ? top.children : categories
  if (items.length === 0) return <nav class="kin" aria-label="Categories" />
  return (
    <nav class="kin" aria-label="Categories">
      <ul>
        {items.map(({ slug, name }) => (
          <li key={slug}>
            <a href={paths.category(slug)} aria-current={slug === category ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

function Chips({ page }: { page: CategoryPage }) {
  const { locale, place } = useSite().shell
  const active = activeFilters(page, locale, place.country)
  const base = page.category ? paths.category(page.category) : browsePath
  return (
    <div class="chips">
      <button type="button" class="chip open" popovertarget="filters">
        <Icon name="sliders-horizontal" />
        Filters
      </button>
      {active.map(({ label, href }) => (
        <a key={label} class="chip" href={href}>
          {label}
          <Icon name="x" />
          <span class="sr"> remove</span>
        </a>
      ))}
      {active.length > 0 && <a href={base}>Clear all</a>}
    </div>
  )
}

function Results({ page }: { page: CategoryPage }) {
  const { place } = useSite().shell
  const { country } = page
  const whole = country === place.country ? '' : country
  const wider = withFilters(page, { radius: '', place: '', near: '', nearOf: '', cursor: '', country: whole })
  const narrowed = /^\d/.test(page.filters.radius ?? '')
  if (Object.keys(page.errors).length > 0) {
    return (
      <Empty icon="sliders-horizontal" title="A filter needs another look">
        <p>{faultOf(page)}</p>
      </Empty>
    )
  }
  if (page.elsewhere && page.elsewhere.length > 0) {
    return (
      <>
        <div class="row">
          <h2>
            Nothing within {page.filters.radius} km yet. Elsewhere in {inCountryText(country)}:
          </h2>
        </div>
        <Island name="ages">
          <Cards posts={page.elsewhere} />
        </Island>
        <a class="btn next" href={wider}>
          Look in all of {inCountryText(country)}
        </a>
      </>
    )
  }
  if (page.posts.length === 0) {
    return (
      <Empty icon={(page.category && findCategory(page.category)?.icon) || 'tag'} title="Nothing here yet">
        <p>
          {narrowed ? 'Look a little farther, or be the first to post.' : 'Loosen a filter, or be the first to post.'}
        </p>
        {narrowed && (
          <a class="btn" href={wider}>
            Look in all of {inCountryText(country)}
          </a>
        )}
        <a class="btn sea" href={page.category ? `${paths.sell()}?category=${page.category}` : paths.sell()}>
          Sell something
        </a>
      </Empty>
    )
  }
  return (
    <>
      <Island name="ages">
        <Cards posts={page.posts} />
      </Island>
      {page.nextCursor ? (
        <a class="btn next" rel="next" href={withFilters(page, { cursor: page.nextCursor })}>
          Show more
        </a>
      ) : (
        <p class="end">That is all. {narrowed && <a href={wider}>Look in all of {inCountryText(country)}</a>}</p>
      )}
    </>
  )
}

function faultOf({ errors }: CategoryPage): string {
  const [name = '', message = ''] = Object.entries(errors)[0] ?? []
  return faultText({ min: 'Lowest price', max: 'Highest price', place: 'The city' }[name] ?? 'It', message)
}

/** Counting stops at 10,000. */
function totalText(counts: CategoryPage['counts'], locale: string): string {
  if (!counts?.total) return ''
  return counts.total < 10_000 ? plural(counts.total, 'post', 'posts', locale) : 'More than 10,000 posts'
}

function whereText({ filters, near, country }: CategoryPage, place: { city: string }): string {
  const { radius = '', subdivision } = filters
  if (/^\d/.test(radius)) return `within ${radius} km of ${near?.city ?? place.city}`
  if (radius === 'any') return 'in the whole region'
  return subdivision ? `in ${subdivisionName(subdivision) ?? subdivision}` : `in ${inCountryText(country)}`
}
