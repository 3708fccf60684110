import { read } from '../../shared/api-client.ts'
import type { Suggestion } from '../../shared/search.ts'
import { nameOf } from './city.ts'
import { combobox } from './combobox.ts'

const icons = { phrase: 'search', category: 'tag', place: 'map-pin' }
const notes = { phrase: '', category: 'Category', place: 'City' }

/** Suggests words, categories and cities below the field that says what is looked for. */
export function mount(element: HTMLElement): void {
  const input = element.querySelector('input')
  const { form } = input ?? {}
  const sign = form?.querySelector('button svg')
  if (!input || !form) return

  /** An icon of the sprite that the form's button has its own from. */
  function iconOf(name: string): Node[] {
    const icon = sign?.cloneNode(true) as Element | undefined
    const use = icon?.firstElementChild
    use?.setAttribute('href', `${use.getAttribute('href')?.split('#')[0]}#${name}`)
    return icon ? [icon] : []
  }

  // The address says what was chosen, not what was left as it is; a city that was taken out lifts its radius.
  form.addEventListener('formdata', ({ formData }) => {
    const [place, of] = [formData.get('place'), formData.get('nearOf')]
    if (!place && of) formData.delete('radius')
    const idle = place && (formData.get('radius') || place !== of) ? [] : ['place', 'near', 'nearOf']
    for (const [name, value] of [...formData]) if (!value || idle.includes(name)) formData.delete(name)
  })
  combobox<Suggestion>(input, {
    find: async (q, signal) => (await read('/search/suggest', { q }, signal)).items,
    show(item, all, typed) {
      const name = item.kind === 'place' ? nameOf(item.place, placesOf(all)) : item.text
      const words = item.kind === 'phrase' ? wordsOf(name, typed.trim()) : make('span', name)
      return [...iconOf(icons[item.kind]), words, make('small', notes[item.kind])]
    },
    take(item, all) {
      if (item.kind === 'phrase') {
        input.value = item.text
        return form.requestSubmit()
      }
      const query = new URLSearchParams(new FormData(form) as unknown as Record<string, string>)
      for (const name of ['q', 'category']) query.delete(name)
      if (item.kind === 'category') return location.assign(`/c/${item.category}?${query}`)
      const place = nameOf(item.place, placesOf(all))
      const { country, lat, lon } = item.place
      const fields = { radius: '50', place, near: `${lat},${lon}`, nearOf: place, country }
      return location.assign(`/search?${new URLSearchParams(fields)}`)
    },
  })
}

function placesOf(all: readonly Suggestion[]) {
  return all.flatMap(item => (item.kind === 'place' ? item.place : []))
}

/** What is not typed yet stands out. */
function wordsOf(text: string, typed: string): HTMLElement {
  if (!text.startsWith(typed.toLowerCase())) return make('span', text)
  const words = make('span', text.slice(0, typed.length))
  words.append(make('b', text.slice(typed.length)))
  return words
}

function make(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}
