import { read } from '../../shared/api-client.ts'
import type { Place } from '../../shared/place.ts'
import { combobox } from './combobox.ts'

/** Suggests cities below a city field; what was typed before the script came stays. */
export function mount(element: HTMLElement): void {
  const input = element.querySelector<HTMLInputElement>('input:not([type=hidden])')
  if (!input) return
  combobox<Place>(input, {
    find: async (q, signal) => (await read('/places', { q }, signal)).items,
    show: (place, all) => [nameOf(place, all)],
    take(place, all) {
      input.value = nameOf(place, all)
      for (const [name, value] of Object.entries(hiddenOf(place, input))) setHidden(element, name, value)
      // A city that is chosen is one to be near to.
      const radius = element.parentElement?.querySelector<HTMLSelectElement>(':scope > select[name=radius]')
      if (radius && !/^\d/.test(radius.value)) radius.value = '50'
      if (input.name === 'place') moveTo(place.country, input.form)
      input.dispatchEvent(new Event('change', { bubbles: true }))
    },
  })
}

const codeIsSpoken = /^(US|CA|BR|AU)-/

/** "Springfield, IL, United States", "Bern, Switzerland"; with the code too where another city is called the same. */
export function nameOf(place: Place, others: readonly Place[]): string {
  const { city, subdivision, country } = place
  const twin = others.some(other => other !== place && other.city === city && other.country === country)
  const code = subdivision && (twin || codeIsSpoken.test(subdivision)) ? subdivision.slice(3) : ''
  const name = new Intl.DisplayNames('en', { type: 'region' }).of(country)
  return [city, code, name].filter(Boolean).join(', ')
}

/** Amounts are in the money of the country that the city lies in. */
function moveTo(country: string, form: HTMLFormElement | null): void {
  const [own, currency] = ['country', 'currency'].map(name => form?.elements.namedItem(name) as HTMLInputElement | null)
  if (own && own.value !== country) {
    own.value = country
    if (currency) currency.value = ''
  }
}

/** What a form sends along with a place that was chosen, valid for as long as the field says its name. */
function hiddenOf({ city, country, subdivision, lat, lon }: Place, { name, value }: HTMLInputElement) {
  if (name === 'place') return { near: `${lat},${lon}`, nearOf: value }
  return { city, country, subdivision: subdivision ?? '', lat: `${lat}`, lon: `${lon}`, placeLabel: value }
}

function setHidden(element: HTMLElement, name: string, value: string): void {
  let field = element.querySelector<HTMLInputElement>(`[type=hidden][name=${name}]`)
  if (!field) {
    field = document.createElement('input')
    field.type = 'hidden'
    field.name = name
    element.append(field)
  }
  field.value = value
}
