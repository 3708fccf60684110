import type { Random } from '../random.ts'
import type { Scene } from './scenes.ts'
import type { Palette } from './shapes.ts'

/** A thing that can be drawn; it stands at y = 720 or so, about x = 600. */
export type Motif = {
  /** What it is, for those who cannot see it: "a bicycle". */
  name: string
  scenes: readonly Scene[]
  draw: (p: Palette, random: Random) => string
}
