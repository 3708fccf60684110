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
      <p class="lead">
        {counts && counts.newThisWeek > 0 ? `${countText(counts.newThisWeek, locale)} new this week ` : 'Good finds '}
        {scope === 'near' ? 'around' : 'in'} {where}
      </p>
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
      <div class="row">
        <h2>{scope === 'near' ? 'New near you' : `New in ${where}`}</h2>
        <a class="more" href={browsePath}>
          See all
        </a>
      </div>
      <Newest posts={posts} />
    </>
  )
}

function Newest({ posts }: Pick<HomePage, 'posts'>) {
  if (!posts) {
    return (
      <Empty icon="wifi-off" title="The newest posts are not here right now">
        <p>Our side is slow to answer. The categories above still work; try this page again in a minute.</p>
      </Empty>
    )
  }
  if (posts.length === 0) {
    return (
      <Empty icon="tag" title="Nothing near you yet">
        <p>Be the first: what do you no longer need?</p>
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
