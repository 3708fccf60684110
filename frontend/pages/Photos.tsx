import { maxImagesPerPost } from '../../shared/media-limits.ts'
import { paths } from '../../shared/paths.ts'
import { Csrf } from '../components/Form.tsx'
import { Notice } from '../components/Notice.tsx'
import { PhotoDesk } from '../components/PhotoDesk.tsx'
import { Steps } from '../components/Steps.tsx'
import { useSite } from '../context.ts'
import { Island } from '../island.tsx'
import type { PhotosPage } from '../page-model.ts'
import { tileOf } from '../photo-tile.ts'

export function Photos({ post, images, notice, refused }: PhotosPage) {
  const { assets } = useSite()
  const draft = post.ownStatus === 'draft'
  const desk = { action: paths.photos(post.id), icons: assets.icons, tiles: images.map(tileOf), refused }
  return (
    <>
      {draft && <Steps now={2} post={post.id} />}
      <Notice notice={notice} />
      <h1>Photos</h1>
      <p class="soft">
        For “<bdi>{post.title}</bdi>”. Up to {maxImagesPerPost} photos, 15 MB each; the first is the cover. Place, time
        and camera are taken out of them.
      </p>
      <Island name="photos" props={{ ...desk, postId: post.id }}>
        <PhotoDesk {...desk} />
      </Island>
      <Ends page={{ post, images }} />
    </>
  )
}

/** Where to go on; photos are optional. */
function Ends({ page: { post, images } }: { page: Pick<PhotosPage, 'post' | 'images'> }) {
  const here = paths.post(post.id, post.title)
  if (post.ownStatus !== 'draft') {
    return (
      <div class="ends">
        <a class="btn" href={paths.edit(post.id)}>
          Edit the text
        </a>
        <a class="btn sea" href={post.visible ? here : paths.myPosts()}>
          Done
        </a>
      </div>
    )
  }
  return (
    <div class="ends">
      <a class="btn quiet" href={paths.myPosts()}>
        Finish later
      </a>
      <form method="post" action={paths.postAction(post.id, 'publish')}>
        <Csrf />
        <input type="hidden" name="next" value={here} />
        <button type="submit" class="btn">
          Publish now
        </button>
      </form>
      <a class="btn sea" href={paths.preview(post.id)} data-next>
        {images.length > 0 ? 'Next: preview' : 'Skip: no photos'}
      </a>
    </div>
  )
}
