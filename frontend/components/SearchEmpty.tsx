import { attributesOf, findCategory } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { useSite } from '../context.ts'
import type { SearchPage } from '../page-model.ts'
import { everywhereLink, type Lead, searchLeads } from '../search-leads.ts'
import { areaText, filterCount, searchLink, totalText } from '../search-links.ts'
import { Empty } from './Empty.tsx'
import { faultText } from './Field.tsx'

/** Nothing was found: what would bring something, the best as the button. */
export function Nothing({ page }: { page: SearchPage }) {
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

/** The region is silent; what was asked for stands in the address, the form and here. */
export function Down({ page }: { page: SearchPage }) {
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

/** What is wrong with the form; it stands beside its fields too, which on phones are not in sight. */
export function Fault({ page }: { page: SearchPage }) {
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

function adviceFor(page: SearchPage): string {
  if (filterCount(page) === 0) return 'Try fewer words, or others for the same thing.'
  return page.filters.q ? 'Take a filter away, or try other words.' : 'Take a filter away, or be the first to post.'
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
