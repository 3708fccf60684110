import { readPage } from '../../shared/api-client.ts'

/** What a change of the filters changes: the search in the header, the filters themselves, and what they leave. */
const parts = ['search', '#filters', '.browse > section']
/** Milliseconds in which several changes are one. */
const pause = 60

/**
 * Shows what the filters leave as soon as one of them changes: the page of the form's own address is read, and its parts take
 * the place of those that are here. The address changes with it, so that back, forward, reload and links work as ever.
 * What cannot be read so is gone to. Without this the form is sent by its button.
 */
export function mount(element: HTMLElement): void {
  const form = element.querySelector('form')
  const list = element.parentElement
  if (!form || !list) return
  const said = document.createElement('p')
  said.className = 'sr'
  said.role = 'status'
  element.append(said)
  let asked = new AbortController()
  let shown = here()
  let swapping = false

  async function show(path: string, kept?: { y?: number } | null): Promise<void> {
    asked.abort()
    asked = new AbortController()
    const { signal } = asked
    await new Promise(done => setTimeout(done, pause))
    if (signal.aborted) return
    list?.setAttribute('aria-busy', 'true')
    const page = await readPage(path, signal).catch(() => undefined)
    if (signal.aborted) return
    if (!page?.querySelector('#filters')) return location.assign(path)
    await addStyles(page)
    if (signal.aborted) return
    if (kept === undefined && path !== shown) {
      history.replaceState({ y: scrollY }, '')
      history.pushState(null, '', path)
    }
    shown = path
    document.title = page.title
    swapping = true
    swap(page)
    swapping = false
    list?.removeAttribute('aria-busy')
    const words = document.querySelectorAll('#title, .about')
    said.textContent = [...words].map(each => each.textContent.trim()).join(' ')
    if (kept) scrollTo({ top: kept.y ?? 0, behavior: 'instant' })
  }

  list.addEventListener('change', ({ target }) => {
    // A field that is taken away while somebody types in it says that it has changed: not by their doing.
    if (!swapping && (target as HTMLInputElement).form === form) show(addressOf(form))
  })
  form.addEventListener('submit', event => {
    event.preventDefault()
    form.hidePopover?.()
    show(addressOf(form))
  })
  form.addEventListener('toggle', event => {
    // The button that opened the sheet may have been put in place of another since.
    if (event.newState === 'closed') document.querySelector<HTMLElement>('.chips .open')?.focus()
  })
  addEventListener('popstate', ({ state }) => {
    if (here() !== shown) show(here(), state ?? {})
  })
  addEventListener('scrollend', () => {
    if (here() === shown) history.replaceState({ y: scrollY }, '')
  })
}

function here(): string {
  return location.pathname + location.search
}

/** The address that the form would lead to, without fields that say nothing. */
function addressOf(form: HTMLFormElement): string {
  const query = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (value) query.append(name, String(value))
  const near = /^\d/.test(query.get('radius') ?? '')
  for (const name of near ? ['area'] : ['place', 'near', 'nearOf']) query.delete(name)
  const path = form.getAttribute('action') ?? ''
  return query.size ? `${path}?${query}` : path
}

/** A list that is empty needs styles that one with posts does without. */
async function addStyles(page: Document): Promise<void> {
  const links = [...page.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')]
  const missing = links.filter(link => !document.querySelector(`link[href="${link.getAttribute('href')}"]`))
  await Promise.all(
    missing.map(link => {
      const added = document.importNode(link)
      document.head.append(added)
      return new Promise(done => {
        added.onload = added.onerror = done
      })
    }),
  )
}

/** Puts a page's parts in place of ours; the focus, what is being typed and what was opened stay. */
function swap(page: Document): void {
  const held = document.activeElement as HTMLInputElement
  const opened = [...document.querySelectorAll<HTMLDetailsElement>('#filters details')]
  for (const part of parts) {
    const [from, to] = [page.querySelector(part), document.querySelector(part)]
    const typing = part === 'search' && to?.contains(held)
    if (from && !typing) to?.replaceChildren(...from.childNodes)
  }
  for (const { id, open } of opened) {
    const twin = document.getElementById(id) as HTMLDetailsElement | null
    if (twin) twin.open = open
  }
  dispatchEvent(new Event('swapped'))
  const twin = held.isConnected ? null : twinOf(held)
  if (twin?.type === 'text' && twin.value !== held.value) {
    twin.value = held.value
    // The browser takes what a script wrote for no change.
    twin.addEventListener('blur', () => twin.dispatchEvent(new Event('change', { bubbles: true })), { once: true })
  }
  twin?.focus({ preventScroll: true })
}

function twinOf({ name, type, value, tagName, parentElement, classList }: HTMLInputElement): HTMLInputElement | null {
  if (classList.contains('open')) return document.querySelector('.chips .open')
  if (tagName === 'SUMMARY') return document.querySelector(`#${CSS.escape(parentElement?.id ?? '')} > summary`)
  const own = /radio|checkbox/.test(type) ? `[value="${CSS.escape(value)}"]` : ''
  return name ? document.querySelector(`.browse [name="${CSS.escape(name)}"]${own}:not([type=hidden])`) : null
}
