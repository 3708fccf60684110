import type { ComponentChildren } from 'preact'
import { currencies } from '../../shared/money.ts'
import { paths } from '../../shared/paths.ts'
import { subdivisionName } from '../../shared/subdivisions.ts'
import { useSite } from '../context.ts'
import { type AttributeGroup, attributeGroups, type Choice, categoryChoices, conditionChoices } from '../facets.ts'
import { countText, inCountryText } from '../format.ts'
import { Island } from '../island.tsx'
import type { SearchPage } from '../page-model.ts'
import { areaText, searchLink, totalText } from '../search-links.ts'
import { Amounts, Distance, Ends, FaultOf, faulty } from './Filters.tsx'

/** Groups of choices that are open before anybody asked; the others, and ranges, open by their heading. */
const openGroups = 2

/** Everything that narrows a search, as the same plain GET form that a category has; counts say what each choice leaves. */
export function SearchFilters({ page }: { page: SearchPage }) {
  const { locale } = useSite().shell
  const { filters, errors, result } = page
  const conditions = conditionChoices(page)
  const groups = attributeGroups(page)
  const open = groups.filter(({ kind }) => kind === 'choices').slice(0, openGroups)
  return (
    <Island name="filters" class="filters">
      <form
        id="filters"
        popover="auto"
        action={paths.search()}
        aria-label="Filters"
        data-path={page.cursor ? undefined : searchLink(page, {})}
      >
        <input type="hidden" name="q" value={filters.q ?? ''} />
        <Group label="Category" name="category" errors={errors}>
          <Choices type="radio" name="category" choices={categoryChoices(page)} />
        </Group>
        <Prices page={page} />
        <Distance page={page} />
        <Area page={page} />
        {conditions.length > 0 && (
          <Group label="Condition" name="condition" errors={errors}>
            <Choices type="checkbox" name="condition" choices={conditions} />
          </Group>
        )}
        {groups.map(group => (
          <Attribute key={group.name} group={group} page={page} first={open.includes(group)} />
        ))}
        <Ends>{result?.total.value ? `Show ${totalText(result.total, locale).toLowerCase()}` : 'Show posts'}</Ends>
      </form>
    </Island>
  )
}

type Grouped = { label: string; name: string; errors: SearchPage['errors']; children: ComponentChildren }

function Group({ label, name, errors, children }: Grouped) {
  return (
    <fieldset class="field" aria-describedby={errors[name] ? `h-${name}` : undefined}>
      <legend>{label}</legend>
      {children}
      <FaultOf name={name} label="This" errors={errors} />
    </fieldset>
  )
}

type Offered = { type: 'radio' | 'checkbox'; name: string; choices: readonly (Choice & { depth?: number })[] }

function Choices({ type, name, choices }: Offered) {
  const { locale } = useSite().shell
  return (
    <div class="opts">
      {choices.map(({ value, label, count, chosen, depth }) => (
        <label key={value} class={depth ? 'in' : undefined}>
          <input type={type} name={name} value={value} checked={chosen} />
          <span>{label}</span> {count !== null && <small>{countText(count, locale)}</small>}
        </label>
      ))}
    </div>
  )
}

function Prices({ page }: { page: SearchPage }) {
  const { shell } = useSite()
  const { filters, prices } = page
  const { currency } = prices
  const offered = filters.area === 'world' ? [...new Set([currency, shell.currency, 'USD', 'EUR', ...currencies])] : []
  return (
    <>
      <Amounts page={page} currency={currency} />
      {offered.length > 0 ? (
        <label class="field">
          <b>Currency</b>
          <select name="currency">
            {offered.map(code => (
              <option key={code} selected={code === currency}>
                {code}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <input type="hidden" name="currency" value={currency} />
      )}
    </>
  )
}

/** How far a search goes that has no radius: a state, the country, all that its region has, the world. */
function Area({ page }: { page: SearchPage }) {
  const { place } = useSite().shell
  const { filters, country } = page
  const { area = '' } = filters
  const own = place.country === country ? place.subdivision : null
  const states = [...new Set([area, own])].filter(code => code && subdivisionName(code)) as string[]
  return (
    <>
      <input type="hidden" name="country" value={country} />
      <label class="field if-far">
        <b>Where</b>
        <select name="area">
          {states.map(code => (
            <option key={code} value={code} selected={code === area}>
              Only {subdivisionName(code)}
            </option>
          ))}
          <option value="" selected={area === ''}>
            All of {inCountryText(country)}
          </option>
          <option value="region" selected={area === 'region'}>
            All of {areaText('region', page)}
          </option>
          <option value="world" selected={area === 'world'}>
            Everywhere
          </option>
        </select>
      </label>
    </>
  )
}

function Attribute({ group, page, first }: { group: AttributeGroup; page: SearchPage; first: boolean }) {
  const { name, label } = group
  const { filters, errors } = page
  const open = first || [name, `${name}.min`, `${name}.max`].some(each => filters[each] ?? errors[each])
  return (
    <details class="field facet" id={name} open={open}>
      <summary>{label}</summary>
      {group.kind === 'choices' ? (
        <fieldset class="opts">
          <legend class="sr">{label}</legend>
          <Choices type="checkbox" name={name} choices={group.choices} />
        </fieldset>
      ) : (
        <Range page={page} name={name} label={label} unit={group.unit} />
      )}
      <FaultOf name={name} label={label} errors={errors} />
      <FaultOf name={`${name}.min`} label={`${label} (min)`} errors={errors} />
      <FaultOf name={`${name}.max`} label={`${label} (max)`} errors={errors} />
    </details>
  )
}

type Bounds = { page: SearchPage; name: string; label: string; unit: string | undefined }

function Range({ page: { filters, errors }, name, label, unit }: Bounds) {
  const bad = [name, `${name}.min`, `${name}.max`].some(each => errors[each])
  const field = (end: 'min' | 'max', word: string) => (
    <input
      name={`${name}.${end}`}
      inputmode="decimal"
      placeholder={word}
      aria-label={`${label}, ${end === 'min' ? 'at least' : 'at most'}`}
      {...faulty(errors[name] ? name : `${name}.${end}`, errors)}
      value={filters[`${name}.${end}`]}
    />
  )
  return (
    <div class={bad ? 'pair bad' : 'pair'}>
      {field('min', 'Min')}
      to
      {field('max', 'Max')}
      {unit}
    </div>
  )
}
