import { createRandom, type Random } from '../random.ts'
import { bikes, sports, vehicles } from './going.ts'
import { furniture, garden, home, housing, kids, pets } from './living.ts'
import { art, community, freeStuff, jobs, services, tickets } from './meeting.ts'
import type { Motif } from './motif.ts'
import { drawScene } from './scenes.ts'
import { box, type Palette, palettes } from './shapes.ts'
import { books, clothing, electronics, music, phones, tools } from './using.ts'

/** One picture: a thing in a scene, in seven moods. */
export type Drawing = {
  /** Names its folder in the bucket: `demo/<name>`. */
  name: string
  alt: string
  svg: string
}

const motifs: Readonly<Record<string, readonly Motif[]>> = {
  bikes,
  furniture,
  vehicles,
  housing,
  phones,
  electronics,
  clothing,
  kids,
  garden,
  books,
  music,
  tools,
  home,
  sports,
  pets,
  art,
  tickets,
  jobs,
  services,
  community,
  'free-stuff': freeStuff,
}

/** Seven pictures of a top category, the same ones each time; none for a category that we have nothing of. */
export function drawingsOf(category: string): Drawing[] {
  const things = motifs[category] ?? []
  if (things.length === 0) return []
  return palettes.map((palette, i) => {
    const motif = things[i % things.length] as Motif
    return drawMotif(`${category}-${i + 1}`, motif, palette)
  })
}

/** How many of a category's pictures a post has, and which: the same for the same post. */
export function drawingsFor(category: string, externalId: string): Drawing[] {
  const random = createRandom(`drawings of ${externalId}`)
  const all = drawingsOf(category)
  const things = random.shuffle(motifs[category] ?? [])
  // One thing seen again and again comes first; then others, so that a gallery is not all of one kind.
  const ordered = random.shuffle(all).sort((a, b) => rank(things, a) - rank(things, b))
  return ordered.slice(0, random.int(2, 6))
}

function rank(things: readonly Motif[], { alt }: Drawing): number {
  return things.findIndex(({ name }) => alt.endsWith(name))
}

function drawMotif(name: string, motif: Motif, palette: Palette): Drawing {
  const random: Random = createRandom(name)
  const mirrored = random.chance(0.5)
  const body = motif.draw(palette, random)
  const turned = mirrored ? `<g transform="matrix(-1 0 0 1 1200 0)">${body}</g>` : body
  return {
    name,
    alt: `Illustration: ${motif.name}`,
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200" viewBox="0 0 1200 900">${drawScene(random.pick(motif.scenes), palette, random)}${turned}${label(palette)}</svg>`,
  }
}

/** A drawn pencil in the upper left corner, where no page lays anything: nobody should take a drawing for the thing itself. */
function label(p: Palette): string {
  return (
    box(36, 30, 64, 64, p.light, 32, { opacity: 0.92 }) +
    `<path d="M54 76l4 -16 22 -22 12 12 -22 22z M74 44l12 12" fill="none" stroke="${p.dark}" stroke-width="4" stroke-linejoin="round"/>`
  )
}
