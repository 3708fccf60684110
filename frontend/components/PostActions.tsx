import type { PostAction } from '../../shared/paths.ts'
import { paths } from '../../shared/paths.ts'
import type { OwnPost, OwnStatus } from '../../shared/post.ts'
import { Csrf } from './Form.tsx'
import { Icon } from './Icon.tsx'

const labels: Readonly<Record<Exclude<PostAction, 'delete'>, string>> = {
  publish: 'Publish',
  withdraw: 'Take down',
  reserve: 'Mark reserved',
  unreserve: 'Make available',
  sell: 'Mark sold',
  renew: 'Renew',
}

type Move = keyof typeof labels

/** What its seller may do next with a post of each state; the first is the likeliest. */
const moves: Readonly<Record<OwnStatus, readonly Move[]>> = {
  draft: ['publish'],
  active: ['sell', 'reserve', 'renew', 'withdraw'],
  reserved: ['sell', 'unreserve', 'renew', 'withdraw'],
  sold: [],
  withdrawn: ['publish'],
  removed: [],
  expired: ['renew', 'sell', 'withdraw'],
}
const editable = new Set<OwnStatus>(['draft', 'active', 'reserved', 'withdrawn'])

/** The seller's own buttons: each a form that works without JavaScript; deleting asks once more. */
export function PostActions({ post, next }: { post: OwnPost; next: string }) {
  const [first, ...others] = moves[post.ownStatus].filter(move => move !== 'renew' || post.canRenew)
  return (
    <div class="moves">
      {first && <MoveForm id={post.id} move={first} next={next} main={!post.visible} />}
      {editable.has(post.ownStatus) && (
        <a class="btn" href={paths.edit(post.id)}>
          <Icon name="pencil" />
          Edit
        </a>
      )}
      {editable.has(post.ownStatus) && (
        <a class="btn" href={paths.photos(post.id)}>
          <Icon name="image-plus" />
          Photos
        </a>
      )}
      {others.map(move => (
        <MoveForm key={move} id={post.id} move={move} next={next} />
      ))}
      <details class="sure">
        <summary class="btn quiet">
          <Icon name="trash-2" />
          Delete
        </summary>
        <form method="post" action={paths.postAction(post.id, 'delete')}>
          <Csrf />
          <input type="hidden" name="next" value={paths.myPosts()} />
          <p>Delete this post for good? It cannot be brought back.</p>
          <button type="submit" class="btn bad">
            Delete for good
          </button>
        </form>
      </details>
    </div>
  )
}

function MoveForm({ id, move, next, main }: { id: string; move: Move; next: string; main?: boolean }) {
  return (
    <form method="post" action={paths.postAction(id, move)}>
      <Csrf />
      <input type="hidden" name="next" value={next} />
      <button type="submit" class={main ? 'btn sea' : 'btn'}>
        {labels[move]}
      </button>
    </form>
  )
}
