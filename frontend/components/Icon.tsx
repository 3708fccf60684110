import { useSite } from '../context.ts'

/** An icon of the sprite, never read aloud: the words beside it say what it means. */
export function Icon({ name }: { name: string }) {
  const { assets } = useSite()
  return (
    <svg aria-hidden="true">
      <use href={`${assets.icons}#${name}`} />
    </svg>
  )
}
