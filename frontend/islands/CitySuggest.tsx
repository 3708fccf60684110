import { Component, hydrate } from 'preact'
import { read } from '../../shared/api-client.ts'
import type { Place } from '../../shared/place.ts'
import { comboboxOf, hiddenOf, nameOf, Suggestions } from './Suggestions.tsx'

export type CitySuggestProps = {
  id: string
  label: string
  /** `near` sends place, near and nearOf; `location` sends placeQuery, placeLabel and what a post's location needs. */
  kind: 'near' | 'location'
  text: string
  /** Hidden fields that hold as long as the text is the one they came with. */
  known: Record<string, string>
  /** That text, where another has been typed since. */
  of?: string
  help?: string
  error?: string
}

type State = { text: string; of: string; known: Record<string, string>; found: Place[]; active: number; alive: boolean }

/** A field for a city, with suggestions (ARIA combobox with a list). Without JavaScript it is a plain text field. */
export class CitySuggest extends Component<CitySuggestProps, State> {
  asked = new AbortController()
  override state: State = { of: this.props.text, ...this.props, ...closed, alive: false }

  override componentDidMount() {
    this.setState({ alive: true })
  }

  async ask(text: string) {
    this.asked.abort()
    this.setState({ text, active: -1 })
    this.asked = new AbortController()
    const { signal } = this.asked
    await new Promise(done => setTimeout(done, 120))
    const wanted = text.trim().length > 1 && document.activeElement?.id === this.props.id
    const { items } = wanted ? await read('/places', { q: text.trim() }, signal).catch(() => none) : none
    if (!signal.aborted) this.setState({ found: items, active: -1 })
  }

  choose(place: Place | undefined) {
    this.asked.abort()
    if (!place) return
    const text = nameOf(place, this.state.found)
    this.setState({ text, of: text, known: hiddenOf(place, this.props.kind), ...closed })
  }

  press(event: KeyboardEvent) {
    const { found, active } = this.state
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && found.length)
      this.setState({ active: (Math.max(active, step < 0 ? 0 : -1) + step + found.length) % found.length })
    else if (event.key === 'Enter' && found[active]) this.choose(found[active])
    else if (event.key === 'Escape' && found.length) this.setState(closed)
    else return
    event.preventDefault()
  }

  override render(
    { id, label, kind, help, error }: CitySuggestProps,
    { text, of, known, found, active, alive }: State,
  ) {
    const near = kind === 'near'
    return (
      <div class={error ? 'field city bad' : 'field city'}>
        <label for={id}>{label}</label>
        <input
          {...(alive && comboboxOf(id, found.length > 0, active))}
          id={id}
          name={near ? 'place' : 'placeQuery'}
          value={text}
          autocomplete="off"
          maxLength={100}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={error || help ? `${id}-help` : undefined}
          onInput={event => this.ask(event.currentTarget.value)}
          onKeyDown={event => this.press(event)}
          onBlur={() => this.setState(closed)}
        />
        {Object.entries({ ...known, [near ? 'nearOf' : 'placeLabel']: of }).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {(error || help) && (
          <p class={error ? 'help err' : 'help'} id={`${id}-help`}>
            {error ?? help}
          </p>
        )}
        {alive && (
          <Suggestions id={id} label={label} places={found} active={active} onChoose={place => this.choose(place)} />
        )}
      </div>
    )
  }
}

/** What was typed before the script came stays. */
export function mount(element: HTMLElement, props: CitySuggestProps): void {
  const typed = element.querySelector('input')?.value ?? ''
  hydrate(<CitySuggest {...props} of={props.text} text={typed} />, element)
}

const none = { items: [] as Place[] }
/** No list, and so nothing that the Enter key would take instead of sending the form. */
const closed = { found: [] as Place[], active: -1 }
