import { paths } from '../../shared/paths.ts'
import { Cards } from '../components/Card.tsx'
import { Crumbs } from '../components/Crumbs.tsx'
import { Day } from '../components/Day.tsx'
import { Facts } from '../components/Facts.tsx'
import { Gallery } from '../components/Gallery.tsx'
import { Icon } from '../components/Icon.tsx'
import { Notice } from '../components/Notice.tsx'
import { Picture } from '../components/Picture.tsx'
import { UsualPrice } from '../components/UsualPrice.tsx'
import { useSite } from '../context.ts'
import { countryText, placeText, priceText, statusLabels } from '../format.ts'
import { Island } from '../island.tsx'
import type { PostPage } from '../page-model.ts'

export function Post({ page, tools }: { page: PostPage; tools: string }) {
  const { post, more, notice } = page
  return (
    <>
      <Notice notice={notice} />
      <Crumbs category={post.category} />
      <Island name="ages">
        <article class="post">
          <div class="shot">
            {post.images.length > 0 ? (
              <Gallery images={post.images} title={post.title} badge={badgeOf(page)} />
            ) : (
              <Picture id={post.id} category={post.category} cover={null} badge={badgeOf(page)} sizes="" />
            )}
          </div>
          <Aside page={page} tools={tools} />
          <About page={page} />
        </article>
      </Island>
      {more.length > 0 && (
        <section class="more-like" aria-labelledby="more">
          <div class="row">
            <h2 id="more">{post.status === 'sold' ? 'Others like it' : 'More like this'}</h2>
            <a class="more" href={paths.category(post.category)}>
              See all
            </a>
          </div>
          <Island name="ages">
            <Cards posts={more} />
          </Island>
        </section>
      )}
    </>
  )
}

function badgeOf({ post, own }: PostPage): string | null {
  const status = own?.ownStatus ?? post.status
  return status === 'active' ? null : statusLabels[status]
}

function Aside({ page: { post, usual }, tools }: { page: PostPage; tools: string }) {
  const { locale, place } = useSite().shell
  const { location } = post
  const country = location.country === place.country ? '' : `, ${countryText(location.country)}`
  return (
    <div class="aside">
      <p class="price">
        {priceText(post, locale)}
        {post.priceKind === 'negotiable' && <small> negotiable</small>}
      </p>
      <h1>
        <bdi>{post.title}</bdi>
      </h1>
      <p class="soft with">
        <Icon name="map-pin" />
        <span>
          {placeText(location)}
          {country} · about 1 km around · <Day at={post.bumpedAt ?? post.publishedAt ?? post.createdAt} />
        </span>
      </p>
      {usual && <UsualPrice usual={usual} price={post.price} />}
      <div dangerouslySetInnerHTML={{ __html: `<!--tools-->${tools}<!--/tools-->` }} />
    </div>
  )
}

function About({ page: { post } }: { page: PostPage }) {
  return (
    <div class="about-this">
      <h2>About this</h2>
      <Facts post={post} />
      {post.description ? (
        <p class="text" dir="auto">
          {post.description}
        </p>
      ) : (
        <p class="soft">The seller wrote no description.</p>
      )}
      <p class="soft">
        <small>
          Posted <Day at={post.publishedAt ?? post.createdAt} year relative={false} />
          {post.expiresAt && post.status !== 'sold' && (
            <>
              {' '}
              · up until <Day at={post.expiresAt} year relative={false} />
            </>
          )}
        </small>
      </p>
    </div>
  )
}
