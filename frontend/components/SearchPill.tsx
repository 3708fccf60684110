import { findCategory } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { maxQueryLength } from '../../shared/search.ts'
import { useSite } from '../context.ts'
import { countryText } from '../format.ts'
import { Island } from '../island.tsx'
import { CityField } from './CityField.tsx'
import { Icon } from './Icon.tsx'

/** What the list on this page is about: words, a category's slug, a place, a radius. */
export type Sought = {
  q?: string | undefined
  category?: string | null
  place?: { text: string; near: string | undefined; bad: boolean } | undefined
  radius?: string | undefined
  country?: string
  /** Where it is about more or less than a country and no radius: what that is called, and the field that says so. */
  area?: { value: string; label: string } | undefined
}

const radii: readonly string[] = ['15', '50', '150']

/** The radii to choose from in kilometres, with the one that the list has now. */
export function radiiWith(chosen = ''): string[] {
  const known = radii.includes(chosen) || !/^\d{1,3}$/.test(chosen)
  return known ? [...radii] : [...radii, chosen].sort((a, b) => Number(a) - Number(b))
}

/**
 * The one search of the site: what, where, how far as the list on this page has it. "Where" holds a city for as long as there is a
 * radius, and else says in its place what the search covers; a category that it keeps to can be seen and lifted. A plain GET form.
 */
export function SearchPill({ sought = {} }: { sought?: Sought | undefined }) {
  const { place } = useSite().shell
  const { q, category, area, radius = '', country = place.country } = sought
  const where = sought.place
  const whole = area?.label ?? countryText(country)
  const within = category && findCategory(category)?.name
  return (
    <search>
      <form class="pill" id="find" action={paths.search()}>
        <Island name="suggest">
          <div class="field city">
            <label for="what">What</label>
            <input
              id="what"
              name="q"
              value={q}
              maxLength={maxQueryLength}
              placeholder="Anything"
              enterkeyhint="search"
              autocomplete="off"
            />
          </div>
        </Island>
        <CityField
          id="where"
          label="Where"
          kind="near"
          text={where?.text ?? ''}
          placeholder={whole}
          known={where?.near ? { near: where.near } : {}}
          fault={where?.bad ? 'fault-place' : undefined}
        />
        <select name="radius" aria-label="How far">
          {radiiWith(radius).map(km => (
            <option key={km} value={km} selected={km === radius}>
              {km} km
            </option>
          ))}
          <option value="" selected={radius === ''}>
            Any distance
          </option>
        </select>
        {area && <input type="hidden" name="area" value={area.value} />}
        <input type="hidden" name="country" value={country} />
        <button type="submit">
          <Icon name="search" />
          <span class="sr">Find</span>
        </button>
      </form>
      {within && (
        <label class="scope">
          <input type="checkbox" name="category" value={category ?? ''} form="find" checked />
          Only in {within}
        </label>
      )}
    </search>
  )
}
