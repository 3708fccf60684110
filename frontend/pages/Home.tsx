import { categories } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { Cards } from '../components/Card.tsx'
import { Empty } from '../components/Empty.tsx'
import { Icon } from '../components/Icon.tsx'
import { Notice } from '../components/Notice.tsx'
import { useSite } from '../context.ts'
import { countText, inCountryText } from '../format.ts'
import { Island } from '../island.tsx'
import { browsePath, type HomePage } from '../page-model.ts'

export function Home({ posts, scope, counts, notice }: HomePage) {
  const { place, locale } = useSite().shell
  const where = scope === 'near' ? place.city : inCountryText(place.country)
  return (
    <>
      <Notice notice={notice} />
      <h1 class="hero">
        Good things, <br />a short walk away.
      </h1>
      <p class="lead">{leadText({ posts, scope, counts }, where, locale)}</p>
      <nav class="kinds" aria-label="Categories">
        <ul>
          {categories.map(({ slug, name, icon }) => (
            <li key={slug}>
              <a href={paths.category(slug)}>
                <Icon name={icon} />
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {posts?.length !== 0 && (
        <div class="row">
          <h2>{scope === 'near' ? 'New near you' : `New in ${where}`}</h2>
          <a class="more" href={browsePath}>
            See all
          </a>
        </div>
      )}
      <Newest posts={posts} where={where} />
    </>
  )
}

function leadText(
  { posts, scope, counts }: Pick<HomePage, 'posts' | 'scope' | 'counts'>,
  where: string,
  locale: string,
) {
  const at = `${scope === 'near' ? 'around' : 'in'} ${where}`
  if (posts?.length === 0) return `Nothing ${at} yet: be the first`
  return counts?.newThisWeek ? `${countText(counts.newThisWeek, locale)} new this week ${at}` : `Good finds ${at}`
}

function Newest({ posts, where }: Pick<HomePage, 'posts'> & { where: string }) {
  if (!posts) {
    return (
      <Empty icon="wifi-off" title="The newest posts are not here right now">
        <p>Our side is slow to answer. The categories above still work; try this page again in a minute.</p>
      </Empty>
    )
  }
  if (posts.length === 0) {
    return (
      <Empty icon="tag" title={`Nothing is for sale in ${where} yet`}>
        <p>What do you no longer need? Whoever looks next will find it here.</p>
        <a class="btn sea" href={paths.sell()}>
          Sell something
        </a>
      </Empty>
    )
  }
  return (
    <Island name="ages">
      <Cards posts={posts.slice(0, 20)} />
    </Island>
  )
}
