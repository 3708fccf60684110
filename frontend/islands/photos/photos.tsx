import { hydrate, render } from 'preact'
import { PhotoDesk } from '../../components/PhotoDesk.tsx'
import type { IslandProps } from '../../island-props.ts'
import { createDesk } from './desk.ts'
import { makeDraggable } from './dragging.ts'
import { createEditing } from './editing.ts'
import { offerKept } from './offering.ts'
import { takeFiles } from './picking.ts'
import { createSending } from './sending.ts'
import { focusNear, submitted } from './submitted.ts'
import { isBusy, withOwn } from './tiles.ts'
import { createWatch } from './watch.ts'

/** Brings the seller's grid to life: many files at once, with progress, and forms that need no new page. */
export function mount(element: HTMLElement, props: IslandProps['photos']): void {
  const desk = createDesk(props, draw)
  const editing = createEditing(desk)
  const watch = createWatch(
    props.postId,
    () => desk.tiles.some(({ state }) => state === 'processing'),
    items => {
      if (!editing.isOrdering() && !element.querySelector('.held')) desk.put(withOwn(desk.tiles, items))
    },
  )
  const sending = createSending(desk, watch)
  const acts = {
    pick: sending.add,
    again: sending.again,
    againAll: sending.againAll,
    async cancel(key: string) {
      const place = desk.tiles.findIndex(tile => tile.key === key)
      await sending.cancel(key)
      if (document.activeElement === document.body) focusNear(desk, place)
    },
    unseen: (key: string) => desk.patch(key, { preview: null }),
    submit: submitted(desk, editing),
  }

  function draw(): void {
    const focused = document.activeElement
    render(<PhotoDesk {...props} tiles={desk.tiles} refused={desk.refused} said={desk.said} acts={acts} />, element)
    // A photo that moves takes its button out of the page for a moment.
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) focused.focus()
    const next = document.querySelector('[data-next]')
    if (next) next.textContent = desk.tiles.length > 0 ? 'Next: preview' : 'Skip: no photos'
  }

  hydrate(<PhotoDesk {...props} />, element)
  draw()
  takeFiles(element, sending.add)
  makeDraggable(element, desk, editing)
  addEventListener('online', sending.online)
  addEventListener('beforeunload', event => desk.tiles.some(isBusy) && event.preventDefault())
  void offerKept(desk, sending.hold)
  watch()
}
