import { Island } from '../island.tsx'

type Props = {
  id: string
  label: string
  /** `near` sends place, near and nearOf; `location` sends placeQuery, placeLabel and what a post's location needs. */
  kind: 'near' | 'location'
  text: string
  /** Hidden fields that hold as long as the text is this one. */
  known: Readonly<Record<string, string>>
  help?: string
  error?: string | undefined
  /** Where its text cannot be used and another element, of this id, says why. */
  fault?: string | undefined
  placeholder?: string
  class?: string
}

/** A field for a city; with JavaScript it suggests as one types. */
export function CityField({ id, label, kind, text, known, help, error, fault, placeholder, class: className }: Props) {
  const near = kind === 'near'
  const said = error ?? help
  return (
    <Island name="city" class={className}>
      <div class={error ? 'field city bad' : 'field city'}>
        <label for={id}>{label}</label>
        <input
          id={id}
          name={near ? 'place' : 'placeQuery'}
          value={text}
          autocomplete="off"
          maxLength={100}
          placeholder={placeholder}
          aria-invalid={(error ?? fault) ? 'true' : undefined}
          aria-describedby={said ? `${id}-help` : fault}
        />
        {Object.entries({ ...known, [near ? 'nearOf' : 'placeLabel']: text }).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {said && (
          <p class={error ? 'help err' : 'help'} id={`${id}-help`}>
            {said}
          </p>
        )}
      </div>
    </Island>
  )
}
