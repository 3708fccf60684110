import { findCategory } from '../../shared/category.ts'
import { Icon } from './Icon.tsx'

/** A quiet drawing of the category, where there is no photo; tint and shape vary with the post's id. */
export function Picture({ id, category, badge }: { id: string; category: string; badge?: string | null }) {
  const seed = hash(id)
  return (
    <span class={`ph t${seed % 6} s${(seed >> 3) % 4}`}>
      <Icon name={findCategory(category)?.icon ?? 'tag'} />
      {badge && <b>{badge}</b>}
    </span>
  )
}

function hash(text: string): number {
  let value = 7
  for (let i = 0; i < text.length; i++) value = (value * 31 + text.charCodeAt(i)) & 0xffff
  return value
}
