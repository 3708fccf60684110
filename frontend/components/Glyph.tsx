/** An icon of the sprite for parts that come alive in the browser, where there is no site around them; never read aloud. */
export function Glyph({ icons, name }: { icons: string; name: string }) {
  return (
    <svg aria-hidden="true">
      <use href={`${icons}#${name}`} />
    </svg>
  )
}
