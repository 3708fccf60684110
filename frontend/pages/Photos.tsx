import { maxImagesPerPost } from '../../shared/media.ts'
import { paths } from '../../shared/paths.ts'
import { Csrf } from '../components/Form.tsx'
import { Notice } from '../components/Notice.tsx'
import { PhotoDesk } from '../components/PhotoDesk.tsx'
import { Steps } from '../components/Steps.tsx'
import { useSite } from '../context.ts'
import type { PhotosPage } from '../page-model.ts'
import { tileOf } from '../photo-tile.ts'

export function Photos({ post, images, notice, refused }: PhotosPage) {
  const { assets } = useSite()
  const draft = post.ownStatus === 'draft'
  return (
    <>
      {draft && <Steps now={2} post={post.id} />}
      <Notice notice={notice} />
      <h1>{images.length > 0 ? 'Your photos' : 'Add photos'}</h1>
      <p class="soft">
        For “<bdi>{post.title}</bdi>”. The first one is the cover. Up to {maxImagesPerPost} photos, 15 MB each; where
        and with what they were taken is removed.
      </p>
      <PhotoDesk action={paths.photos(post.id)} icons={assets.icons} tiles={images.map(tileOf)} refused={refused} />
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
      <a class="btn sea" href={paths.preview(post.id)}>
        {images.length > 0 ? 'Next: preview' : 'Skip: no photos'}
      </a>
    </div>
  )
}
