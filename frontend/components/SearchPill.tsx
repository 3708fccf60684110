import { categories, categoryPath } from '../../shared/category.ts'
import { useSite } from '../context.ts'
import { countryText, placeText } from '../format.ts'
import { Island } from '../island.tsx'
import { CitySuggest } from '../islands/CitySuggest.tsx'
import { browsePath } from '../page-model.ts'
import { Icon } from './Icon.tsx'

/** What the list on this page is about: a category's slug, a place, a radius. */
export type Sought = {
  category: string | null
  place?: { text: string; near: string } | undefined
  radius?: string | undefined
  country?: string
}

const radii: readonly string[] = ['15', '50', '150']

/** The radii to choose from in kilometres, with the one that the list has now. */
export function radiiWith(chosen = ''): string[] {
  const known = radii.includes(chosen) || !/^\d{1,3}$/.test(chosen)
  return known ? [...radii] : [...radii, chosen].sort((a, b) => Number(a) - Number(b))
}

/** The one search of the site: what, where, how far as the list on this page has it. A plain GET form. */
export function SearchPill({ sought }: { sought?: Sought }) {
  const { place } = useSite().shell
  const top = sought?.category ? categoryPath(sought.category)[0]?.slug : undefined
  const where = sought?.place ?? { text: placeText(place), near: `${place.lat},${place.lon}` }
  const { radius = '', country = place.country } = sought ?? {}
  return (
    <search>
      <form class="pill" action={browsePath}>
        <label>
          <span>What</span>
          <select name="category">
            <option value="">Everything</option>
            {categories.map(({ slug, name }) => (
              <option key={slug} value={slug} selected={slug === top}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <Island
          name="city-suggest"
          props={{ id: 'where', label: 'Where', kind: 'near', text: where.text, known: { near: where.near } }}
        >
          <CitySuggest id="where" label="Where" kind="near" text={where.text} known={{ near: where.near }} />
        </Island>
        <select name="radius" aria-label="How far">
          {radiiWith(radius).map(km => (
            <option key={km} value={km} selected={km === radius}>
              {km} km
            </option>
          ))}
          <option value="" selected={radius === ''}>
            {countryText(country)}
          </option>
          {radius === 'any' && (
            <option value="any" selected>
              Whole region
            </option>
          )}
        </select>
        {country !== place.country && <input type="hidden" name="country" value={country} />}
        <button type="submit">
          <Icon name="search" />
          <span class="sr">Find</span>
        </button>
      </form>
    </search>
  )
}
