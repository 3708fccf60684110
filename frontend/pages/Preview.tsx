import { categoryPath } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import { Facts } from '../components/Facts.tsx'
import { Csrf } from '../components/Form.tsx'
import { Gallery } from '../components/Gallery.tsx'
import { Picture } from '../components/Picture.tsx'
import { Steps } from '../components/Steps.tsx'
import { useSite } from '../context.ts'
import { placeText, priceText } from '../format.ts'
import type { PreviewPage } from '../page-model.ts'

/** A draft as others will see it; only "Publish" shows it to them. */
export function Preview({ post }: PreviewPage) {
  const { locale } = useSite().shell
  return (
    <>
      <Steps now={3} post={post.id} />
      <h1>This is how it will look</h1>
      <article class="box preview">
        {post.images.length > 0 ? (
          <Gallery images={post.images} title={post.title} />
        ) : (
          <Picture id={post.id} category={post.category} cover={null} sizes="" />
        )}
        <div>
          <p class="price">
            {priceText(post, locale)}
            {post.priceKind === 'negotiable' && <small> negotiable</small>}
          </p>
          <h2>
            <bdi>{post.title}</bdi>
          </h2>
          <p class="soft">
            {placeText(post.location)} ·{' '}
            {categoryPath(post.category)
              .map(({ name }) => name)
              .join(' › ')}
          </p>
          <Facts post={post} />
          <p class="text" dir="auto">
            {post.description}
          </p>
        </div>
      </article>
      <div class="ends">
        <a class="btn quiet" href={paths.myPosts()}>
          Finish later
        </a>
        <a class="btn" href={paths.edit(post.id)}>
          Change the text
        </a>
        <form method="post" action={paths.postAction(post.id, 'publish')}>
          <Csrf />
          <input type="hidden" name="next" value={paths.post(post.id, post.title)} />
          <button type="submit" class="btn sea">
            Publish
          </button>
        </form>
      </div>
    </>
  )
}
