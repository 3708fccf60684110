import { paths } from '../../shared/paths.ts'
import { type OwnPost, ownStatuses } from '../../shared/post.ts'
import { Empty } from '../components/Empty.tsx'
import { sentence } from '../components/Field.tsx'
import { Icon } from '../components/Icon.tsx'
import { Notice } from '../components/Notice.tsx'
import { Picture } from '../components/Picture.tsx'
import { PostActions } from '../components/PostActions.tsx'
import { useSite } from '../context.ts'
import { placeText, priceText, statusLabels } from '../format.ts'
import type { MyPostsPage } from '../page-model.ts'
import { whyText } from '../why.ts'

export function MyPosts(page: MyPostsPage) {
  const { path } = useSite().shell
  const query = (extra: Record<string, string>) => {
    const search = new URLSearchParams({ ...(page.status ? { status: page.status } : {}), ...extra })
    return search.size ? `${paths.myPosts()}?${search}` : paths.myPosts()
  }
  return (
    <>
      <Notice notice={page.notice} />
      {page.problem && (
        <p class="notice err" role="alert">
          <Icon name="circle-alert" />
          {sentence(page.problem)}
        </p>
      )}
      <h1>My posts</h1>
      <Tabs page={page} />
      {page.posts.length === 0 ? (
        <Nothing page={page} />
      ) : (
        <ul class="mine">
          {page.posts.map(post => (
            <Own key={post.id} post={post} next={path} />
          ))}
        </ul>
      )}
      {page.nextCursor && (
        <a class="btn next" rel="next" href={query({ cursor: page.nextCursor })}>
          Show more
        </a>
      )}
    </>
  )
}

function Tabs({ page: { status, counts } }: { page: MyPostsPage }) {
  return (
    <nav class="tabs" aria-label="By state">
      <a href={paths.myPosts()} aria-current={status ? undefined : 'page'}>
        All
      </a>
      {ownStatuses.map(each => (
        <a key={each} href={`${paths.myPosts()}?status=${each}`} aria-current={status === each ? 'page' : undefined}>
          {statusLabels[each]}
          {counts?.[each] !== undefined && <small> {counts[each]}</small>}
        </a>
      ))}
    </nav>
  )
}

function Own({ post, next }: { post: OwnPost; next: string }) {
  const { locale } = useSite().shell
  const title = <bdi>{post.title}</bdi>
  return (
    <li>
      <Picture id={post.id} category={post.category} cover={post.images[0]} sizes="132px" />
      <div>
        <p class={`state ${post.ownStatus}`}>{statusLabels[post.ownStatus]}</p>
        <h2>
          <a href={paths.post(post.id, post.title)}>{title}</a>
        </h2>
        <p>
          <strong>{priceText(post, locale)}</strong> <span class="soft">· {placeText(post.location)}</span>
        </p>
        <p class="soft">{whyText(post, locale)}</p>
        <PostActions post={post} next={next} />
      </div>
    </li>
  )
}

function Nothing({ page: { status } }: { page: MyPostsPage }) {
  if (status) {
    return (
      <Empty icon="list" title={`No posts here: ${statusLabels[status].toLowerCase()}`}>
        <a class="btn" href={paths.myPosts()}>
          Show all my posts
        </a>
      </Empty>
    )
  }
  return (
    <Empty icon="tag" title="You have not posted anything yet">
      <p>It takes two minutes: what it is, what it costs, where it is.</p>
      <a class="btn sea" href={paths.sell()}>
        Sell something
      </a>
    </Empty>
  )
}
