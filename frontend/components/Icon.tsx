import { useSite } from '../context.ts'
import { Glyph } from './Glyph.tsx'

/** An icon of the sprite, never read aloud: the words beside it say what it means. */
export function Icon({ name }: { name: string }) {
  return <Glyph icons={useSite().assets.icons} name={name} />
}
