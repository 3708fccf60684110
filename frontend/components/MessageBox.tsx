import { categoryPath } from '../../shared/category.ts'
import { paths } from '../../shared/paths.ts'
import type { Post } from '../../shared/post.ts'
import { useSite } from '../context.ts'
import { initials } from '../format.ts'
import { Island } from '../island.tsx'
import { emptyForm, type PostPage } from '../page-model.ts'
import { faultText, sentence } from './Field.tsx'
import { Csrf } from './Form.tsx'
import { Icon } from './Icon.tsx'

/** Who sells, and the way to write to them. */
export function MessageBox({ page: { post, own, message = emptyForm } }: { page: PostPage }) {
  const here = paths.post(post.id, post.title)
  return (
    <>
      <div class="box">
        <Seller post={post} />
        {!own && (post.status === 'active' || post.status === 'reserved') && <Write post={post} form={message} />}
        {!own && post.status === 'sold' && <p class="safe">It is sold, so it takes no new messages.</p>}
        <p class="safe with">
          <Icon name="shield-check" />
          <span>Your address stays hidden. Meet in public; never pay before you see it.</span>
        </p>
      </div>
      {!own && (
        <p class="under">
          <a class="with" href={paths.report('post', post.id, here)} rel="nofollow">
            <Icon name="flag" />
            Report
          </a>
        </p>
      )}
    </>
  )
}

function Seller({ post: { seller } }: { post: Post }) {
  return (
    <div class="seller">
      <span class="face" aria-hidden="true">
        {initials(seller.displayName)}
      </span>
      <p>
        <strong>
          <bdi>{seller.displayName}</bdi>
        </strong>
        <small>Member since {seller.memberSince.slice(0, 4)}</small>
      </p>
    </div>
  )
}

function Write({ post, form }: { post: Post; form: NonNullable<PostPage['message']> }) {
  const { viewer } = useSite().shell
  const error = form.errors.text ?? form.problem
  return (
    <Island name="chips">
      <form method="post" action={paths.writeTo(post.id)} class="write" id="message">
        <Csrf />
        <div class="quick">
          {chipsFor(post).map(chip => (
            <button key={chip} type="submit" name="chip" value={chip} class="chip" formnovalidate>
              {chip}
            </button>
          ))}
        </div>
        <div class={error ? 'field bad' : 'field'}>
          <label for="f-text" class="sr">
            Your message to {post.seller.displayName}
          </label>
          {/* The first line break of a textarea is dropped by the parser (HTML §13.1.2.5): give it one of its own. */}
          <textarea
            id="f-text"
            name="text"
            rows={3}
            maxLength={5_000}
            required
            dir="auto"
            placeholder="Write to the seller"
            autofocus={error !== undefined}
            aria-invalid={error ? 'true' : undefined}
            aria-describedby={error ? 'h-text' : undefined}
          >{`\n${form.values.text ?? ''}`}</textarea>
          {error && (
            <p class="help err" id="h-text" role="alert">
              {form.errors.text ? faultText('The message', error) : sentence(error)}
            </p>
          )}
        </div>
        <button type="submit" class="btn sea">
          {viewer ? 'Send message' : 'Sign in and send'}
        </button>
      </form>
    </Island>
  )
}

const notHandedOver = new Set(['jobs', 'services', 'housing', 'events'])

/** Lines to begin with, as they fit what is offered. */
function chipsFor({ category, priceKind }: Post): string[] {
  const top = categoryPath(category)[0]?.slug ?? ''
  const second = notHandedOver.has(top) ? 'Can you tell me more?' : 'Can I collect today?'
  return ['Is it still available?', second, ...(priceKind === 'negotiable' ? ['Is the price negotiable?'] : [])].slice(
    0,
    2,
  )
}
