import { paths } from '../../shared/paths.ts'
import { useSite } from '../context.ts'
import { moderationPath, type PostPage } from '../page-model.ts'
import { whyText } from '../why.ts'
import { Csrf } from './Form.tsx'
import { MessageBox } from './MessageBox.tsx'
import { PostActions } from './PostActions.tsx'

/**
 * What depends on who asks on a post's page: the message box, the seller's buttons, a moderator's form. Composed per
 * request, as the viewer part is.
 */
export function PostTools({ page }: { page: PostPage }) {
  const { post, own } = page
  const { viewer, locale } = useSite().shell
  const here = paths.post(post.id, post.title)
  return (
    <>
      <MessageBox page={page} />
      {own && (
        <section class="tools" aria-label="Your post">
          <p>
            <b>This is yours.</b> {whyText(own, locale)}
          </p>
          <PostActions post={own} next={here} />
        </section>
      )}
      {viewer && viewer.role !== 'member' && !own && (
        <Moderation id={post.id} removed={post.status === 'removed'} next={here} />
      )}
    </>
  )
}

function Moderation({ id, removed, next }: { id: string; removed: boolean; next: string }) {
  return (
    <section class="tools" aria-label="Moderation">
      <form method="post" action={moderationPath(id, removed ? 'restore' : 'remove')}>
        <Csrf />
        <input type="hidden" name="next" value={next} />
        {removed ? (
          <button type="submit" class="btn">
            Put back
          </button>
        ) : (
          <details>
            <summary class="btn quiet">Remove as a moderator</summary>
            <div class="field">
              <label for="f-reason">Reason</label>
              <textarea
                id="f-reason"
                name="reason"
                rows={3}
                minLength={3}
                maxLength={1000}
                required
                aria-describedby="h-reason"
              />
              <p class="help" id="h-reason">
                The seller reads it.
              </p>
            </div>
            <button type="submit" class="btn bad">
              Remove this post
            </button>
          </details>
        )}
      </form>
    </section>
  )
}
