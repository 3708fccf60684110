import { expect, test } from 'vitest'
import { CitySuggest } from './CitySuggest.tsx'

const cities = [
  { city: 'Berlin', country: 'DE', subdivision: 'DE-BE', lat: 52.52, lon: 13.41 },
  { city: 'Bern', country: 'CH', subdivision: 'CH-BE', lat: 46.95, lon: 7.45 },
]

/** The island without a document: its state changes at once. */
function open() {
  const island = new CitySuggest({ id: 'where', label: 'Where', kind: 'near', text: 'Ber', known: {} })
  island.setState = change => {
    island.state = { ...island.state, ...(change as object) }
  }
  island.setState({ found: cities })
  /** Tells whether the island kept the key to itself. */
  const press = (key: string) => {
    let kept = false
    island.press({ key, preventDefault: () => (kept = true) } as unknown as KeyboardEvent)
    return kept
  }
  return { island, press }
}

test('Enter takes the suggestion, and the next Enter sends the form', () => {
  const { island, press } = open()
  expect([press('ArrowDown'), press('ArrowDown'), press('Enter')]).toEqual([true, true, true])
  expect(island.state).toMatchObject({ text: 'Bern, Switzerland', known: { near: '46.95,7.45' }, found: [] })
  expect(press('Enter')).toBe(false)
})

test('Escape closes the list, and Enter sends what was typed', () => {
  const { island, press } = open()
  expect([press('ArrowUp'), press('Escape')]).toEqual([true, true])
  expect([press('Enter'), press('Escape'), island.state.text]).toEqual([false, false, 'Ber'])
})

test('Enter without a chosen suggestion sends the form', () => {
  expect(open().press('Enter')).toBe(false)
})
