import { createFullScreen } from './full-screen.ts'
import { drawPlaceholders } from './placeholders.ts'
import { showPlace } from './turning.ts'

/**
 * Brings the strip of photos to life: a count, arrows and keys, and a view that fills the screen. Swiping is the strip's
 * own, and so are the links below it.
 */
export function mount(element: HTMLElement, { hashes }: { hashes: string[] }): void {
  const strip = element.querySelector<HTMLElement>('.strip')
  const frame = element.querySelector<HTMLElement>('.frame')
  const dialog = element.querySelector('dialog')
  if (!strip || !frame || !dialog) return
  const items = [...strip.children] as HTMLElement[]
  const links = items.map(item => item.querySelector('a'))
  const thumbs = [...element.querySelectorAll('.thumbs a')]
  let now = 0
  drawPlaceholders(items, hashes)

  function turn(to: number): void {
    const item = items[to]
    if (item) strip?.scrollTo({ left: item.offsetLeft - (items[0]?.offsetLeft ?? 0) })
  }
  function settle(index: number): void {
    now = index
    frame?.querySelector('.turning')?.removeAttribute('hidden')
    showPlace(frame, now, items.length)
    thumbs.forEach((thumb, at) => {
      if (at === now) thumb.setAttribute('aria-current', 'true')
      else thumb.removeAttribute('aria-current')
    })
    for (const near of [items[now - 1], items[now + 1]]) near?.querySelector('img')?.setAttribute('loading', 'eager')
  }

  const seen = new IntersectionObserver(
    entries => {
      const entry = entries.find(({ isIntersecting }) => isIntersecting)
      if (entry) settle(items.indexOf(entry.target as HTMLElement))
    },
    { root: strip, threshold: 0.6 },
  )
  for (const item of items) seen.observe(item)

  const full = createFullScreen(dialog, items, index => {
    turn(index)
    links[index]?.focus({ preventScroll: true })
  })
  frame.addEventListener('click', event => {
    const target = event.target as HTMLElement
    const step = target.closest<HTMLElement>('[data-turn]')?.dataset.turn
    if (step) return turn(now + Number(step))
    const index = links.findIndex(link => link?.contains(target))
    if (index < 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    full.open(index)
  })
  frame.addEventListener('keydown', event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!step) return
    event.preventDefault()
    turn(now + step)
    // Enter opens what is seen.
    if (document.activeElement?.closest('.strip')) links[now + step]?.focus({ preventScroll: true })
  })
  thumbs.forEach((thumb, index) => {
    thumb.addEventListener('click', event => {
      event.preventDefault()
      turn(index)
    })
  })
}
