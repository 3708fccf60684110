import { hydrate } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { read } from '../../shared/api-client.ts'
import type { Place } from '../../shared/place.ts'

export type CitySuggestProps = {
  id: string
  label: string
  /** `near` sends place, near and nearOf; `location` sends placeQuery and what a post's location needs. */
  kind: 'near' | 'location'
  text: string
  /** Hidden fields that hold as long as the text is the one they came with. */
  known: Record<string, string>
  country?: string
  error?: string
  help?: string
}

/** A field for a city, with suggestions (ARIA combobox with a list). Without JavaScript it is a plain text field. */
export function CitySuggest({ id, label, kind, text, known, country = '', error, help }: CitySuggestProps) {
  const [value, setValue] = useState(text)
  const [fact, setFact] = useState({ of: text, known })
  const [found, setFound] = useState<Place[]>([])
  const [active, setActive] = useState(-1)
  const [alive, setAlive] = useState(false)
  const asked = useRef<AbortController | null>(null)
  const list = useId()
  useEffect(() => setAlive(true), [])

  const ask = async (q: string) => {
    setValue(q)
    setActive(-1)
    asked.current?.abort()
    if (q.trim().length < 2 || document.activeElement?.id !== id) return setFound([])
    asked.current = new AbortController()
    const { signal } = asked.current
    await new Promise(done => setTimeout(done, 120))
    if (signal.aborted) return
    const { items } = await read('/places', { q: q.trim(), country }, signal).catch(() => ({ items: [] }))
    if (!signal.aborted) setFound(items)
  }
  const choose = (place: Place | undefined) => {
    asked.current?.abort()
    setFound([])
    if (!place) return
    const name = nameOf(place)
    setValue(name)
    setFact({ of: name, known: kind === 'near' ? nearOf(place) : locationOf(place) })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && found.length)
      setActive((active + step + found.length + (active < 0 && step < 0 ? 1 : 0)) % found.length)
    else if (event.key === 'Enter' && active >= 0) choose(found[active])
    else if (event.key === 'Escape' && found.length) setFound([])
    else return
    event.preventDefault()
  }
  const combobox = alive && {
    role: 'combobox' as const,
    'aria-expanded': found.length > 0,
    'aria-controls': list,
    'aria-autocomplete': 'list' as const,
    'aria-activedescendant': active >= 0 ? `${list}-${active}` : undefined,
  }
  const field = kind === 'near' ? 'place' : 'placeQuery'
  return (
    <div class={error ? 'field city bad' : 'field city'}>
      <label for={id}>{label}</label>
      <input
        {...combobox}
        id={id}
        name={field}
        value={value}
        autocomplete="off"
        maxLength={100}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error || help ? `h-${field}` : undefined}
        onInput={event => ask(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => setFound([])}
      />
      <input type="hidden" name={kind === 'near' ? 'nearOf' : 'placeLabel'} value={fact.of} />
      {Object.entries(fact.known).map(([name, held]) => (
        <input key={name} type="hidden" name={name} value={held} />
      ))}
      {(error || help) && (
        <p class={error ? 'help err' : 'help'} id={`h-${field}`}>
          {error ?? help}
        </p>
      )}
      {alive && (
        <div role="listbox" id={list} aria-label={label} hidden={!found.length}>
          {found.map((place, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field (aria-activedescendant)
            <div
              key={index}
              role="option"
              id={`${list}-${index}`}
              aria-selected={index === active}
              onMouseDown={event => {
                event.preventDefault()
                choose(place)
              }}
            >
              {nameOf(place)}
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

export function mount(element: HTMLElement, props: CitySuggestProps): void {
  hydrate(<CitySuggest {...props} />, element)
}

function nameOf({ city, subdivision, country }: Place): string {
  const code = subdivision?.split('-')[1]
  return [city, code && /^[A-Z]/.test(code) ? code : '', new Intl.DisplayNames('en', { type: 'region' }).of(country)]
    .filter(Boolean)
    .join(', ')
}

function nearOf({ lat, lon }: Place): Record<string, string> {
  return { near: `${lat},${lon}` }
}

function locationOf({ city, country, subdivision, lat, lon }: Place): Record<string, string> {
  return { city, country, subdivision: subdivision ?? '', lat: String(lat), lon: String(lon) }
}
