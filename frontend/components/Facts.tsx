import type { Post } from '../../shared/post.ts'
import { useSite } from '../context.ts'
import { factsOf } from '../format.ts'

/** What a post says of the thing by its category, as a row of terms; nothing where it says nothing. */
export function Facts({ post }: { post: Post }) {
  const facts = factsOf(post, useSite().shell.locale)
  if (facts.length === 0) return null
  return (
    <dl class="facts">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  )
}
