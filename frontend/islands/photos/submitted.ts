import type { Tile } from '../../photo-tile.ts'
import type { Desk } from './desk.ts'
import type { Editing } from './editing.ts'

/** Does here what a form of one photo would have a new page for. */
export function submitted(desk: Desk, editing: Editing) {
  return async (event: SubmitEvent, { key, id }: Tile): Promise<void> => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const intent = event.submitter?.getAttribute('value')
    const sheet = form.closest<HTMLElement>('[popover]')
    const place = desk.tiles.findIndex(tile => tile.key === key)
    if (!id) return
    desk.refuse(null)
    if (intent === 'alt') {
      const alt = String(new FormData(form).get('alt') ?? '')
      if (await editing.describe(key, id, alt)) sheet?.hidePopover()
      return
    }
    sheet?.hidePopover()
    if (intent === 'delete') {
      await editing.remove(key, id)
      return focusNear(desk, place)
    }
    await editing.move(key, intent === 'cover' ? 0 : intent === 'up' ? place - 1 : place + 1)
  }
}

/** The reader goes on where the photo was. */
export function focusNear({ tiles }: Desk, place: number): void {
  if (!focusTile(tiles[Math.min(place, tiles.length - 1)])) focusAdding()
}

function focusTile(tile: Tile | undefined): boolean {
  const button = tile && document.querySelector<HTMLElement>(`[data-key="${tile.key}"] .order button:last-child`)
  button?.focus()
  return Boolean(button)
}

function focusAdding(): void {
  document.querySelector<HTMLElement>('.add input')?.focus()
}
