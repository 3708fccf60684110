import { useSite } from '../context.ts'

/** An icon of the sprite, never read aloud: the words beside it say what it means. */
export function Icon({ name }: { name: string }) {
  return <Glyph icons={useSite().assets.icons} name={name} />
}

/** The same for parts that come alive in the browser, where there is no site around them. */
export function Glyph({ icons, name }: { icons: string; name: string }) {
  return (
    <svg aria-hidden="true">
      <use href={`${icons}#${name}`} />
    </svg>
  )
}
