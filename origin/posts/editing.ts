import * as z from 'zod'
import { attributesSchema } from '../../shared/category.ts'
import { AppError } from '../../shared/errors.ts'
import { type Attributes, checkPrice, type OwnPost, type PostInput, type PostPatch } from '../../shared/post.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import { transactAndPurge } from '../purge-log.ts'
import { getPostToChange, outcomeFor, updatePost } from './changing.ts'
import { requireSound } from './checking.ts'
import { contentColumns } from './content.ts'
import type { VersionCondition } from './if-match.ts'
import type { PostRow } from './rows.ts'
import { tagsOfPost } from './stale.ts'
import { priceOf, viewOwnPost } from './views.ts'

/**
 * Changes what a patch names and leaves the rest. A post that moves to another category keeps the attributes that fit there.
 * @throws precondition_failed when the post has changed since it was read, invalid_input, illegal_transition, …
 */
export async function editPost(
  ctx: Pick<Context, 'db' | 'now' | 'keys' | 'region' | 'purgeLog' | 'log'>,
  actor: Actor,
  id: string,
  condition: VersionCondition,
  patch: PostPatch,
): Promise<OwnPost> {
  const now = ctx.now()
  const change = { id, verb: 'edit', by: 'seller' } as const
  const edited = await transactAndPurge(ctx, async (trx, purge) => {
    const post = await getPostToChange(trx, actor, change, now)
    if (!condition(post.version)) throw staleVersion(post)
    outcomeFor(post, change, now)
    const content = merge(post, patch)
    requireSound(content, ctx.region)
    const columns = { ...contentColumns(ctx, actor.id, content), updated_at: now }
    const changed = await updatePost(trx, post, columns, 'precondition_failed')
    purge(changed, { tags: [...tagsOfPost(ctx.region, post), ...tagsOfPost(ctx.region, changed)] })
    return changed
  })
  return viewOwnPost(edited, now)
}

/** Lays a patch over a post and checks the rule between its fields. @throws invalid_input */
function merge(post: PostRow, patch: PostPatch): PostInput {
  const { title, description, category, condition, country, subdivision, city, lat, lon } = post
  const stored = {
    title,
    description,
    category,
    condition,
    price: priceOf(post),
    priceKind: post.price_kind,
    attributes: patch.category ? fitting(post.attributes, patch.category) : post.attributes,
    location: { country, subdivision, city, lat, lon },
  }
  const merged = z
    .custom<PostInput>()
    .superRefine(checkPrice)
    .safeParse({ ...stored, ...patch })
  if (!merged.success) throw AppError.fromZod(merged.error)
  return merged.data
}

function fitting(attributes: Attributes, category: string): Attributes {
  const fits = (entry: [string, unknown]) => attributesSchema(category).safeParse(Object.fromEntries([entry])).success
  return Object.fromEntries(Object.entries(attributes).filter(fits))
}

function staleVersion({ id, version }: PostRow): AppError {
  return new AppError('precondition_failed', { detail: `Cannot edit post "${id}": its version is "${version}" now` })
}
