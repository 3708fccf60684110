import type { ComponentChildren } from 'preact'
import { paths } from '../../shared/paths.ts'
import { sorts } from '../../shared/post.ts'
import { subdivisionName } from '../../shared/subdivisions.ts'
import { useSite } from '../context.ts'
import { inCountryText, placeText, plural } from '../format.ts'
import { Island } from '../island.tsx'
import { browsePath, type CategoryPage } from '../page-model.ts'
import { CityField } from './CityField.tsx'
import { faultText } from './Field.tsx'
import { Icon } from './Icon.tsx'
import { radiiWith } from './SearchPill.tsx'

const sortLabels = { newest: 'Newest', oldest: 'Oldest', price: 'Price, low first', '-price': 'Price, high first' }

/** The filters as a plain GET form: beside the list on a desktop, a sheet (popover) on phones. */
export function Filters({ page }: { page: CategoryPage }) {
  const { locale, place } = useSite().shell
  const { filters, counts } = page
  const { currency } = page.prices
  return (
    <Island name="filters" class="filters">
      <form
        id="filters"
        popover="auto"
        action={page.category ? paths.category(page.category) : browsePath}
        aria-label="Filters"
      >
        <Amounts page={page} currency={currency} />
        {filters.currency === currency && <input type="hidden" name="currency" value={currency} />}
        <Distance page={page} />
        <Subdivision filters={filters} country={filters.country ?? place.country} />
        <label class="field">
          <b>Sort</b>
          <select name="sort">
            {sorts.map(sort => (
              <option key={sort} value={sort === 'newest' ? '' : sort} selected={sort === (filters.sort ?? 'newest')}>
                {sortLabels[sort]}
              </option>
            ))}
          </select>
        </label>
        <Ends>
          {counts && counts.total > 0 && counts.total < 10_000
            ? `Show ${plural(counts.total, 'post', 'posts', locale)}`
            : 'Show posts'}
        </Ends>
      </form>
    </Island>
  )
}

/** The buttons below filters: the one that shows, and on phones the one that closes the sheet. */
export function Ends({ children }: { children: ComponentChildren }) {
  return (
    <div class="shows">
      <button type="submit" class="btn ink">
        {children}
      </button>
      <button type="button" class="btn shut" popovertarget="filters" popovertargetaction="hide">
        <Icon name="x" />
        Close
      </button>
    </div>
  )
}

type Filtered = Pick<CategoryPage, 'filters' | 'errors' | 'near'>

export function Amounts({ page, currency }: { page: Filtered; currency: string }) {
  const { filters, errors } = page
  return (
    <fieldset class={errors.min || errors.max ? 'field bad' : 'field'}>
      <legend>Price in {currency}</legend>
      <div class="pair">
        <input
          name="min"
          inputmode="decimal"
          placeholder="Min"
          aria-label="Lowest price"
          {...faulty('min', errors)}
          value={filters.min}
        />
        to
        <input
          name="max"
          inputmode="decimal"
          placeholder="Max"
          aria-label="Highest price"
          {...faulty('max', errors)}
          value={filters.max}
        />
      </div>
      <FaultOf name="min" label="Lowest price" errors={errors} />
      <FaultOf name="max" label="Highest price" errors={errors} />
    </fieldset>
  )
}

type Errors = Readonly<Record<string, string>>

/** What ties a field to what is said to be wrong with it. */
export function faulty(name: string, errors: Errors) {
  return errors[name] ? ({ 'aria-invalid': 'true', 'aria-describedby': `h-${name}` } as const) : {}
}

/** What is wrong with a field, if anything is. */
export function FaultOf({ name, label, errors }: { name: string; label: string; errors: Errors }) {
  const error = errors[name]
  return error ? (
    <p class="help err" id={`h-${name}`}>
      {faultText(label, error)}
    </p>
  ) : null
}

/** How far, and from where; what lies beyond a radius is asked for elsewhere. */
export function Distance({ page }: { page: Filtered }) {
  const { place } = useSite().shell
  const { filters, near, errors } = page
  const point = near ?? (filters.place ? null : place)
  return (
    <>
      <fieldset class="field" aria-describedby={errors.radius ? 'h-radius' : undefined}>
        <legend>Distance</legend>
        <div class="seg">
          {[...radiiWith(filters.radius), ''].map(km => (
            <label key={km}>
              <input type="radio" name="radius" value={km} checked={km === (filters.radius ?? '')} />
              <span>{km ? `${km} km` : 'Any'}</span>
            </label>
          ))}
        </div>
        <FaultOf name="radius" label="The distance" errors={errors} />
      </fieldset>
      <CityField
        id="city"
        label="Around"
        kind="near"
        class="if-near"
        text={filters.place ?? near?.city ?? placeText(place)}
        known={point ? { near: `${point.lat},${point.lon}` } : {}}
        error={errors.place && faultText('This', errors.place)}
      />
    </>
  )
}

/** The visitor's own state or province, or the one that the address names, as the step between near and everywhere. */
function Subdivision({ filters, country }: { filters: CategoryPage['filters']; country: string }) {
  const { place } = useSite().shell
  const own = place.country === country ? place.subdivision : null
  const codes = [...new Set([filters.subdivision, own])].filter(code => code && subdivisionName(code)) as string[]
  return (
    <>
      {filters.country && <input type="hidden" name="country" value={filters.country} />}
      {codes.length > 0 && (
        <label class="field if-far">
          <b>Where</b>
          <select name="subdivision">
            <option value="">All of {inCountryText(country)}</option>
            {codes.map(code => (
              <option key={code} value={code} selected={code === filters.subdivision}>
                Only {subdivisionName(code)}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  )
}
