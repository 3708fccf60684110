import type { Place } from '../../shared/place.ts'

type Props = { id: string; label: string; places: Place[]; active: number; onChoose: (place: Place) => void }

/** The list under a city field; the focus stays in the field, which says which option is active. */
export function Suggestions({ id, label, places, active, onChoose }: Props) {
  return (
    <div role="listbox" id={`${id}-list`} aria-label={label} hidden={!places.length}>
      {places.map((place, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant points here
        <div
          key={index}
          role="option"
          id={`${id}-${index}`}
          aria-selected={index === active}
          onMouseDown={event => {
            event.preventDefault()
            onChoose(place)
          }}
        >
          {nameOf(place, places)}
        </div>
      ))}
    </div>
  )
}

/** What makes the field a combobox; only once there is a script to answer for it. */
export function comboboxOf(id: string, open: boolean, active: number) {
  return {
    role: 'combobox',
    'aria-expanded': open,
    'aria-controls': `${id}-list`,
    'aria-autocomplete': 'list',
    'aria-activedescendant': active < 0 ? undefined : `${id}-${active}`,
  } as const
}

const codeIsSpoken = /^(US|CA|BR|AU)-/

/** "Springfield, IL, United States", "Bern, Switzerland"; with the code too where another city is called the same. */
export function nameOf(place: Place, others: Place[]): string {
  const { city, subdivision, country } = place
  const twin = others.some(other => other !== place && other.city === city && other.country === country)
  const code = subdivision && (twin || codeIsSpoken.test(subdivision)) ? subdivision.slice(3) : ''
  const name = new Intl.DisplayNames('en', { type: 'region' }).of(country)
  return [city, code, name].filter(Boolean).join(', ')
}

/** What a form sends along once a place is chosen. */
export function hiddenOf(
  { city, country, subdivision, lat, lon }: Place,
  kind: 'near' | 'location',
): Record<string, string> {
  if (kind === 'near') return { near: `${lat},${lon}` }
  return { city, country, subdivision: subdivision ?? '', lat: `${lat}`, lon: `${lon}` }
}
