import type { Desk } from './desk.ts'
import type { Editing } from './editing.ts'
import { moved } from './tiles.ts'

/** A mouse drags once it has moved so far, in CSS pixels; a finger once it has rested so long, in milliseconds. */
const slack = 6
const rest = 300
/** So near the edge the page moves along, in CSS pixels. */
const edge = 80

/**
 * Lets photos be dragged to another place; the others make room at once. Escape takes it back. Buttons do the same for
 * whoever cannot drag (WCAG 2.5.7).
 */
export function makeDraggable(element: HTMLElement, desk: Desk, { keepOrder }: Editing): void {
  let pressed: { key: string; x: number; y: number; tile: Element; timer: number } | null = null
  let held: { key: string; before: Desk['tiles']; tile: Element } | null = null

  const lift = () => {
    if (!pressed) return
    held = { key: pressed.key, before: desk.tiles, tile: pressed.tile }
    held.tile.classList.add('held')
  }
  const drop = (keep: boolean) => {
    clearTimeout(pressed?.timer)
    pressed = null
    if (!held) return
    const { before, tile } = held
    held = null
    tile.classList.remove('held')
    if (!keep) desk.put(before)
    else if (desk.tiles.some(({ key }, index) => key !== before[index]?.key)) void keepOrder(before)
  }

  element.addEventListener('pointerdown', event => {
    const tile = (event.target as Element).closest('.ph')?.closest('[data-key]')
    const key = tile?.getAttribute('data-key')
    if (!tile || !key || !event.isPrimary || event.button !== 0 || !desk.find(key)?.id) return
    const timer = event.pointerType === 'mouse' ? 0 : (setTimeout(lift, rest) as unknown as number)
    pressed = { key, x: event.clientX, y: event.clientY, tile, timer }
  })
  addEventListener('pointermove', event => {
    if (!pressed) return
    const { clientX: x, clientY: y } = event
    const far = Math.hypot(x - pressed.x, y - pressed.y) > slack
    if (!held && far && event.pointerType === 'mouse') lift()
    else if (!held && far) drop(false)
    if (!held) return
    const { key } = held
    const under = document.elementFromPoint(x, y)?.closest('[data-key]')?.getAttribute('data-key')
    const to = desk.tiles.findIndex(tile => tile.key === under && tile.id)
    if (to >= 0 && under !== key) desk.put(moved(desk.tiles, key, to))
    if (y < edge || y > innerHeight - edge) scrollBy(0, y < edge ? -12 : 12)
  })
  addEventListener('pointerup', () => drop(true))
  addEventListener('pointercancel', () => drop(false))
  addEventListener('keydown', ({ key }) => key === 'Escape' && drop(false))
  // While a finger carries a photo, the page must not scroll nor the picture's own menu open.
  element.addEventListener('touchmove', event => held && event.preventDefault(), { passive: false })
  element.addEventListener('contextmenu', event => held && event.preventDefault())
  element.addEventListener('dragstart', event => event.preventDefault())
}
