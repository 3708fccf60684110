import { readPage } from '../../shared/api-client.ts'

/** What a change of the filters changes: the search in the header, the filters themselves, and what they leave. */
const parts = ['search', '#filters', '.browse > section']
/** Milliseconds in which several changes are one. */
const pause = 60

/** Links that only change the filters. */
const links = '.chips a, .line a, .leads a'

/**
 * Shows what the filters leave as soon as one of them changes or a link lifts one: the page of that address is read, and its parts
 * take the place of those that are here. The address changes with it, so that back, forward, reload and links work as ever; the
 * page knows it best. Words that were typed above count, sent or not. Without a connection all stays; what is no list is gone to.
 * Without this the form is sent by its button.
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
  const own = form.dataset.path
  if (own) history.replaceState(history.state, '', own + location.hash)
  let shown = here()
  let swapping = false

  async function show(path: string, kept?: { y?: number } | null): Promise<void> {
    asked.abort()
    asked = new AbortController()
    const { signal } = asked
    await new Promise(done => setTimeout(done, pause))
    if (signal.aborted) return
    list?.setAttribute('aria-busy', 'true')
    const page = await readPage(path, signal).catch(error => error as Error | ProgressEvent)
    if (signal.aborted) return
    if (page instanceof ProgressEvent) return sayOffline(path)
    const filters = page instanceof Document && page.querySelector<HTMLElement>('#filters')
    if (!filters) return location.assign(path)
    await addStyles(page)
    if (signal.aborted) return
    const known = filters.dataset.path ?? path
    if (kept === undefined && known !== shown) {
      history.replaceState({ y: scrollY }, '')
      history.pushState(null, '', known)
    }
    shown = kept === undefined ? known : path
    document.title = page.title
    swapping = true
    swap(page, !kept)
    swapping = false
    list?.removeAttribute('aria-busy')
    const words = document.querySelectorAll('#title, .about, .empty h2, .fault')
    said.textContent = [...words].flatMap(each => each.textContent.trim() || []).join(' ')
    if (kept) scrollTo({ top: kept.y ?? 0, behavior: 'instant' })
  }

  /** What is here stays, with the way to try again. */
  function sayOffline(path: string): void {
    list?.removeAttribute('aria-busy')
    const line = document.querySelector('.offline') ?? document.createElement('p')
    line.className = 'line offline'
    const again = document.createElement('a')
    again.href = path
    again.textContent = 'Try again'
    line.replaceChildren('No connection: this is the list from before. ', again)
    document.querySelector('.browse > section > .over, .browse > section > .chips')?.after(line)
    said.textContent = line.firstChild?.textContent?.trim() ?? ''
  }

  list.addEventListener('click', event => {
    const link = (event.target as Element).closest<HTMLAnchorElement>(links)
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    show(withWords(link.pathname + link.search))
  })
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
  return withWords(query.size ? `${path}?${query}` : path)
}

/** Words that stand in the search above and were not sent yet belong to whatever is asked for next. */
function withWords(path: string): string {
  const what = document.querySelector<HTMLInputElement>('#what')
  const url = new URL(path, location.href)
  if (!what || what.value === what.defaultValue || url.pathname !== '/search') return path
  url.searchParams.set('q', what.value)
  return url.pathname + url.search
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

/** Puts a page's parts in place of ours; the focus, what is being typed and what was opened stay, unless one goes back. */
function swap(page: Document, keeping: boolean): void {
  const held = document.activeElement as HTMLInputElement
  const at = [...document.querySelectorAll(links)].indexOf(held)
  const typed = [...document.querySelectorAll<HTMLInputElement>('search [type=text], search input:not([type])')]
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
  for (const { id, value, defaultValue } of keeping ? typed : []) {
    const twin = document.getElementById(id) as HTMLInputElement | null
    if (twin && value !== defaultValue && twin.defaultValue === defaultValue) twin.value = value
  }
  dispatchEvent(new Event('swapped'))
  const twin = held.isConnected ? null : at < 0 ? twinOf(held) : nextOf(at)
  if (twin?.type === 'text' && twin.value !== held.value) {
    twin.value = held.value
    // The browser takes what a script wrote for no change.
    twin.addEventListener('blur', () => twin.dispatchEvent(new Event('change', { bubbles: true })), { once: true })
  }
  twin?.focus({ preventScroll: true })
}

/** What stands where a link stood: the next of them, or the heading. */
function nextOf(at: number): HTMLInputElement | null {
  const chips = document.querySelectorAll<HTMLInputElement>('.chips a')
  const title = document.getElementById('title') as HTMLInputElement | null
  if (title) title.tabIndex = -1
  return chips[Math.min(at, chips.length - 1)] ?? title
}

function twinOf({ name, type, value, tagName, parentElement, classList }: HTMLInputElement): HTMLInputElement | null {
  if (classList.contains('open')) return document.querySelector('.chips .open')
  if (tagName === 'SUMMARY') return document.querySelector(`#${CSS.escape(parentElement?.id ?? '')} > summary`)
  const own = /radio|checkbox/.test(type) ? `[value="${CSS.escape(value)}"]` : ''
  return name ? document.querySelector(`.browse [name="${CSS.escape(name)}"]${own}:not([type=hidden])`) : null
}
