import { showPlace } from './turning.ts'
import { createZoom } from './zoom.ts'

/**
 * The view that fills the screen: one photo at a time, by arrows, keys and swipes, to be looked at closely.
 * @param items the strip's items, whose pictures are shown
 * @param closed told which photo was seen last
 */
export function createFullScreen(
  dialog: HTMLDialogElement,
  items: readonly HTMLElement[],
  closed: (index: number) => void,
): { open: (index: number) => void } {
  const stage = dialog.querySelector<HTMLElement>('.stage') ?? dialog
  const caption = dialog.querySelector('.caption')
  const zoom = createZoom(stage, step => show(now + step))
  let now = 0

  function show(index: number): void {
    const picture = items[index]?.querySelector('picture')?.cloneNode(true) as HTMLPictureElement | undefined
    if (!picture) return
    now = index
    const image = picture.querySelector('img')
    for (const each of picture.children) each.setAttribute('sizes', '100vw')
    image?.setAttribute('loading', 'eager')
    stage.replaceChildren(picture)
    zoom.reset()
    const words = image?.alt.replace(/^Photo \d+ of \d+: /, '') ?? ''
    if (caption) caption.textContent = words
    showPlace(dialog, now, items.length, words)
  }

  dialog.addEventListener('click', ({ target }) => {
    const { turn, zoom: way } = (target as Element).closest<HTMLElement>('[data-turn],[data-zoom]')?.dataset ?? {}
    if (turn) show(now + Number(turn))
    if (way) zoom.by(way === 'in' ? 1.5 : 1 / 1.5)
  })
  dialog.addEventListener('keydown', event => {
    const acts: Record<string, () => void> = {
      ArrowLeft: () => show(now - 1),
      ArrowRight: () => show(now + 1),
      Home: () => show(0),
      End: () => show(items.length - 1),
      '+': () => zoom.by(1.5),
      '=': () => zoom.by(1.5),
      '-': () => zoom.by(1 / 1.5),
      '0': () => zoom.reset(),
    }
    const act = acts[event.key]
    if (!act || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    act()
  })
  dialog.addEventListener('close', () => {
    stage.replaceChildren()
    closed(now)
  })
  return {
    open(index) {
      dialog.showModal()
      dialog.querySelector('.turning')?.removeAttribute('hidden')
      show(index)
    },
  }
}
