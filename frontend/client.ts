import type { IslandName } from './island-props.ts'
import { islands } from './islands.ts'

const seen = new IntersectionObserver(
  entries => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) wake(target as HTMLElement)
  },
  { rootMargin: '200px' },
)

const known = new WeakSet<Element>()

function watch(): void {
  for (const element of document.querySelectorAll('[data-island]')) {
    if (!known.has(element)) seen.observe(element)
    known.add(element)
  }
}
watch()
// The filters put parts of another page in place of what was here.
addEventListener('swapped', watch)

/** Loads an island's code and hands it its element and props, once. */
async function wake(element: HTMLElement): Promise<void> {
  seen.unobserve(element)
  const name = element.dataset.island as IslandName
  const json = element.nextElementSibling
  const props = json instanceof HTMLScriptElement ? JSON.parse(json.text) : undefined
  const mount = await islands[name]()
  mount(element, props as never)
}

/** An open menu closes when the reader goes elsewhere or presses Escape; Escape gives the focus back. */
function closeMenus(except: EventTarget | null, refocus = false): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')) {
    if (except instanceof Node && menu.contains(except)) continue
    menu.open = false
    if (refocus) menu.querySelector('summary')?.focus()
  }
}
document.addEventListener('click', event => closeMenus(event.target))
document.addEventListener('focusin', event => closeMenus(event.target))
document.addEventListener('keydown', event => event.key === 'Escape' && closeMenus(null, true))
