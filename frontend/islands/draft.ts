type Draft = { category: string; title: string; values: [string, string][] }
type Props = { key: string; fresh: boolean }

const store = 'draft:'
const skipped = new Set(['csrf', 'formKey', 'version', 'intent', 'category'])

/**
 * Keeps what is typed in the sell form on this device, so that a closed tab or an ended session loses nothing.
 * @param props `fresh` when the server has nothing to show: then the kept draft is put back
 */
export function mount(element: HTMLElement, { key, fresh }: Props): void {
  const form = element.querySelector('form')
  const said = form?.querySelector<HTMLElement>('[data-saved]')
  if (!form || !said) return
  const kept = fresh ? load(key) : undefined
  if (kept && kept.category === fieldOf(form, 'category')) {
    restore(form, kept)
    said.textContent = 'Put back from this device.'
  }
  let timer = 0
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (save(key, form)) said.textContent = 'Saved on this device.'
    }, 400) as unknown as number
  })
}

/** Shows the way back to a kept draft where a category is chosen. */
export function mountLink(element: HTMLElement): void {
  const kept = load('new')
  const link = element.querySelector('a')
  if (!kept || !link) return
  link.href = `/sell?category=${encodeURIComponent(kept.category)}`
  link.textContent = kept.title ? `Go on with “${kept.title}”` : 'Go on with what you began'
  element.querySelector<HTMLElement>('[hidden]')?.removeAttribute('hidden')
}

/** Forgets every kept draft: the post is stored where it belongs. */
export function forget(): void {
  quietly(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith(store)) localStorage.removeItem(key)
  })
}

function save(key: string, form: HTMLFormElement): boolean {
  const values: [string, string][] = []
  for (const [name, value] of new FormData(form)) {
    if (!skipped.has(name) && typeof value === 'string' && value) values.push([name, value])
  }
  const draft: Draft = { category: fieldOf(form, 'category'), title: fieldOf(form, 'title'), values }
  return (
    quietly(() => {
      localStorage.setItem(store + key, JSON.stringify(draft))
      return true
    }) ?? false
  )
}

function restore(form: HTMLFormElement, { values }: Draft): void {
  for (const [name, value] of values) {
    const field = form.elements.namedItem(name)
    if (field instanceof RadioNodeList) field.value = value
    else if (field && 'value' in field) field.value = value
    if (field instanceof HTMLElement) field.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

function load(key: string): Draft | undefined {
  return quietly(() => JSON.parse(localStorage.getItem(store + key) ?? 'null') ?? undefined)
}

function fieldOf(form: HTMLFormElement, name: string): string {
  return String(new FormData(form).get(name) ?? '')
}

/** Storage may be full or forbidden; a draft is a comfort, not a promise. */
function quietly<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
