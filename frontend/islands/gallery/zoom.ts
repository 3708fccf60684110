type Point = { x: number; y: number }
export type Zoom = { by: (factor: number, at?: Point) => void; reset: () => void }

const most = 5
/** A finger that moved this far sideways over the whole picture turns to the next, in CSS pixels. */
const swipe = 50

/**
 * Makes the picture on a stage larger and smaller: by two fingers, the wheel, a double click or the buttons that call `by`;
 * a finger moves it about, and swipes when there is nothing to move.
 */
export function createZoom(stage: HTMLElement, swiped: (step: 1 | -1) => void): Zoom {
  let scale = 1
  let offset: Point = { x: 0, y: 0 }
  const fingers = new Map<number, Point>()
  let from: Point | null = null

  /** @param at what stays where it is, from the middle of the stage */
  function by(factor: number, at: Point = { x: 0, y: 0 }): void {
    const before = scale
    scale = Math.min(most, Math.max(1, scale * factor))
    const grown = scale / before
    move({ x: at.x - (at.x - offset.x) * grown, y: at.y - (at.y - offset.y) * grown })
  }
  function move(to: Point): void {
    const [wide, high] = [(stage.clientWidth * (scale - 1)) / 2, (stage.clientHeight * (scale - 1)) / 2]
    offset = { x: Math.min(wide, Math.max(-wide, to.x)), y: Math.min(high, Math.max(-high, to.y)) }
    const image = stage.querySelector('img')
    if (image) image.style.transform = `translate(${offset.x}px, ${offset.y}px) scale(${scale})`
    stage.classList.toggle('zoomed', scale > 1)
  }
  function reset(): void {
    scale = 1
    move({ x: 0, y: 0 })
  }
  function pointOf({ clientX, clientY }: MouseEvent): Point {
    const { left, top, width, height } = stage.getBoundingClientRect()
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 }
  }

  stage.addEventListener('pointerdown', event => {
    stage.setPointerCapture(event.pointerId)
    fingers.set(event.pointerId, pointOf(event))
    from = fingers.size === 1 ? pointOf(event) : null
  })
  stage.addEventListener('pointermove', event => {
    const before = fingers.get(event.pointerId)
    if (!before) return
    const after = pointOf(event)
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1]
    fingers.set(event.pointerId, after)
    if (other) by(distance(after, other) / distance(before, other), middle(after, other))
    else if (scale > 1) move({ x: offset.x + after.x - before.x, y: offset.y + after.y - before.y })
  })
  stage.addEventListener('pointerup', event => {
    const to = pointOf(event)
    const across = from ? to.x - from.x : 0
    if (from && scale === 1 && Math.abs(across) > swipe && Math.abs(across) > Math.abs(to.y - from.y)) {
      swiped(across < 0 ? 1 : -1)
    }
  })
  for (const end of ['pointerup', 'pointercancel'] as const) {
    stage.addEventListener(end, ({ pointerId }) => fingers.delete(pointerId))
  }
  stage.addEventListener('dblclick', event => (scale > 1 ? reset() : by(2.5, pointOf(event))))
  stage.addEventListener(
    'wheel',
    event => {
      event.preventDefault()
      by(Math.exp(-event.deltaY / 500), pointOf(event))
    },
    { passive: false },
  )
  return { by, reset }
}

function distance(a: Point, b: Point): number {
  return Math.max(1, Math.hypot(a.x - b.x, a.y - b.y))
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }
}
