/** Where a combobox finds its options, what it shows of one, and what taking one does. */
export type Options<T> = {
  find: (text: string, signal: AbortSignal) => Promise<readonly T[]>
  show: (item: T, all: readonly T[], typed: string) => readonly (Node | string)[]
  take: (item: T, all: readonly T[]) => void
}

/** Milliseconds without a letter before anything is asked for. */
const pause = 120
const leastLetters = 2

/**
 * Makes a text field a combobox with a list below it (ARIA APG: list autocomplete with manual selection): the focus stays in
 * the field, which says which option is active. Nothing is chosen until somebody does; Enter without a choice sends the
 * form. Without this it is a plain text field.
 */
export function combobox<T>(input: HTMLInputElement, { find, show, take }: Options<T>): void {
  const list = document.createElement('div')
  let found: readonly T[] = []
  let active = -1
  let asked = new AbortController()

  function draw(items: readonly T[]): void {
    found = items
    list.replaceChildren(...items.map((item, index) => optionOf(item, index)))
    list.hidden = items.length === 0
    input.ariaExpanded = String(!list.hidden)
    point(-1)
  }

  function optionOf(item: T, index: number): HTMLElement {
    const option = document.createElement('div')
    option.id = `${list.id}-${index}`
    option.role = 'option'
    option.append(...show(item, found, input.value))
    // Before the field loses the focus, which would close the list.
    option.onmousedown = event => {
      event.preventDefault()
      choose(item)
    }
    return option
  }

  function point(index: number): void {
    active = index
    for (const [at, option] of [...list.children].entries()) {
      option.ariaSelected = String(at === index)
      if (at === index) option.scrollIntoView({ block: 'nearest' })
    }
    if (index < 0) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', `${list.id}-${index}`)
  }

  function choose(item: T): void {
    const all = found
    close()
    take(item, all)
  }

  function close(): void {
    asked.abort()
    draw([])
  }

  function clear(): void {
    close()
    input.value = ''
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }

  async function ask(): Promise<void> {
    asked.abort()
    point(-1)
    asked = new AbortController()
    const { signal } = asked
    await new Promise(done => setTimeout(done, pause))
    const text = input.value.trim()
    const wanted = text.length >= leastLetters && document.activeElement === input && !signal.aborted
    const items = wanted ? await find(text, signal).catch(() => []) : []
    if (!signal.aborted) draw(items)
  }

  function press(event: KeyboardEvent): void {
    if (event.isComposing) return
    const { key, altKey } = event
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
    const item = found[active]
    if (altKey && step < 0) close()
    else if (step && found.length) point((Math.max(active, step < 0 ? 0 : -1) + step + found.length) % found.length)
    else if (key === 'ArrowDown') ask()
    else if (key === 'Enter' && item) choose(item)
    else if (key === 'Escape' && found.length) close()
    else if (key === 'Escape' && input.value) clear()
    else return
    event.preventDefault()
  }

  list.id = `${input.id}-list`
  list.role = 'listbox'
  list.ariaLabel = input.labels?.[0]?.textContent ?? ''
  input.parentElement?.append(list)
  input.role = 'combobox'
  input.ariaAutoComplete = 'list'
  input.setAttribute('aria-controls', list.id)
  input.oninput = ask
  input.onkeydown = press
  input.onblur = close
  draw([])
}
