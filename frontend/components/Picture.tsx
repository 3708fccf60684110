import { findCategory } from '../../shared/category.ts'
import type { Image } from '../../shared/media.ts'
import { Icon } from './Icon.tsx'
import { Photo } from './Photo.tsx'

type Props = {
  id: string
  category: string
  cover: Image | null | undefined
  badge?: string | null
  /** How wide it is shown (`sizes`). */
  sizes: string
  when?: 'soon' | undefined
}

/**
 * The cover of a post beside words that name it. Where there is no photo, a quiet drawing of the category, whose tint and
 * shape vary with the post's id.
 */
export function Picture({ id, category, cover, badge, sizes, when }: Props) {
  const seed = hash(id)
  return (
    <span class={cover ? 'ph' : `ph t${seed % 6} s${(seed >> 3) % 4}`}>
      {cover ? (
        <Photo image={cover} alt="" sizes={sizes} {...(when ? { when } : {})} />
      ) : (
        <Icon name={findCategory(category)?.icon ?? 'tag'} />
      )}
      {badge && <b>{badge}</b>}
    </span>
  )
}

function hash(text: string): number {
  let value = 7
  for (let i = 0; i < text.length; i++) value = (value * 31 + text.charCodeAt(i)) & 0xffff
  return value
}
