import { paths } from '../../shared/paths.ts'
import type { Post } from '../../shared/post.ts'
import { useSite } from '../context.ts'
import { distanceText, priceText, statusLabels } from '../format.ts'
import { Day } from './Day.tsx'
import { Picture } from './Picture.tsx'

type Point = { lat: number; lon: number }

/** Posts as a grid of cards, each one link. @param from where distances are measured from, if they are told */
export function Cards({ posts, from }: { posts: readonly Post[]; from?: Point | null }) {
  return (
    <ul class="cards">
      {posts.map((post, index) => (
        <Card key={post.id} post={post} inSight={index < 4} from={from} />
      ))}
    </ul>
  )
}

function Card({ post, inSight, from }: { post: Post; inSight: boolean; from: Point | null | undefined }) {
  const { locale } = useSite().shell
  const badge = post.status === 'reserved' || post.status === 'sold' ? statusLabels[post.status] : null
  return (
    <li>
      <a href={paths.post(post.id, post.title)}>
        <Picture
          id={post.id}
          category={post.category}
          cover={post.images[0]}
          badge={badge}
          sizes="(max-width:760px) 50vw,210px"
          when={inSight ? 'soon' : undefined}
        />
        <strong>{priceText(post, locale)}</strong>
        <span>
          <bdi>{post.title}</bdi>
        </span>
        <small>
          {post.location.city}
          {from && ` · ${distanceText(from, post.location, locale)}`} · <Day at={post.bumpedAt ?? post.createdAt} />
        </small>
      </a>
    </li>
  )
}
