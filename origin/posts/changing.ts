import type { Kysely, Transaction, Updateable } from 'kysely'
import { AppError, type ErrorCode } from '../../shared/errors.ts'
import type { Status } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { Database, PostsTable } from '../db/schema.ts'
import { transactAndPurge } from '../purge-log.ts'
import { getPost } from './posts.ts'
import { type PostRow, postColumns } from './rows.ts'
import { tagsOfPost } from './stale.ts'
import { type Outcome, statesFor, transitions, type Verb } from './transitions.ts'
import { ownStatusOf } from './visibility.ts'

type Stores = Pick<Context, 'db' | 'now' | 'region' | 'purgeLog' | 'log'>

/** What is to happen to which post, and in which role. A moderator's change leaves a row in the audit table. */
export type Change = { id: string; verb: Verb; by: 'seller' | 'moderator'; reason?: string }

/** The columns that a change sets beside the state. May throw to refuse. */
export type Columns = (post: PostRow, now: Date) => Updateable<PostsTable>

/** What is to follow from a change, recorded in its transaction. */
export type Consequence = (trx: Transaction<Database>, changed: PostRow, before: PostRow) => Promise<void>

/**
 * The write spine of every verb (architecture, decision 3): fetch what the actor may see, check role and state,
 * update on condition of the version, write the audit row. A post that is already so comes back unchanged.
 * What is to follow is recorded between update and return, in the same transaction.
 * @throws post_not_found, post_gone, forbidden, illegal_transition, conflict when another change came first
 */
export function changePost(
  ctx: Stores,
  actor: Actor,
  change: Change,
  columns: Columns,
  consequence?: Consequence,
): Promise<PostRow> {
  const at = ctx.now()
  return transactAndPurge(ctx, async (trx, purge) => {
    const post = await getPostToChange(trx, actor, change, at)
    const outcome = outcomeFor(post, change, at)
    if (outcome === 'already') return post
    const changed = await updatePost(trx, post, {
      ...columns(post, at),
      status: stateAfter(post, outcome),
      updated_at: at,
    })
    purge(changed, { tags: [...tagsOfPost(ctx.region, post), ...tagsOfPost(ctx.region, changed)] })
    if (change.by === 'moderator') await recordAudit(trx, actor, change, at)
    await consequence?.(trx, changed, post)
    return changed
  })
}

/** Fetches a post for a change and checks that the actor may make it. */
export async function getPostToChange(
  db: Kysely<Database>,
  actor: Actor,
  { id, by }: Change,
  now: Date,
): Promise<PostRow> {
  const post = await getPost(db, actor, id, now)
  if (by === 'seller' && post.account_id !== actor.id)
    throw new AppError('forbidden', { detail: 'The post belongs to another seller' })
  return post
}

/** Looks the change up in the table of transitions. @throws illegal_transition with what was expected */
export function outcomeFor(
  post: PostRow,
  { id, verb }: Pick<Change, 'id' | 'verb'>,
  now: Date,
): Exclude<Outcome, 'illegal'> {
  const status = ownStatusOf(post, now)
  const outcome = transitions[status][verb]
  if (outcome !== 'illegal') return outcome
  const expected = statesFor(verb)
    .map(state => `"${state}"`)
    .join(' or ')
  throw new AppError('illegal_transition', {
    detail: `Cannot ${verb} post "${id}": status must be ${expected}, is "${status}"`,
  })
}

/** Writes a new version of a post if nobody else did since it was read. @throws `lostRace` otherwise */
export async function updatePost(
  trx: Transaction<Database>,
  post: PostRow,
  columns: Updateable<PostsTable>,
  lostRace: ErrorCode = 'conflict',
): Promise<PostRow> {
  const { seller_name, seller_since, images, version, id } = post
  const row = await trx
    .updateTable('posts')
    .set({ ...columns, version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .returning(postColumns)
    .executeTakeFirst()
  if (!row) throw new AppError(lostRace)
  return { ...row, seller_name, seller_since, images }
}

function stateAfter(post: PostRow, outcome: Exclude<Outcome, 'illegal' | 'already'>): Status {
  if (outcome === 'before') return post.removed_from ?? 'withdrawn'
  if (outcome === 'keep' || outcome === 'gone') return post.status
  return outcome
}

async function recordAudit(
  trx: Transaction<Database>,
  actor: Actor,
  { verb, id, reason }: Change,
  at: Date,
): Promise<void> {
  const row = { at, actor_id: actor.id, action: `post.${verb}`, subject_id: id, reason: reason ?? null }
  await trx.insertInto('audit').values(row).execute()
}
