import { type RawBuilder, sql } from 'kysely'
import type * as z from 'zod'
import type { Counts as CountsSchema } from '../../shared/api.ts'
import type { PostQuery } from '../../shared/post.ts'
import type { Visitor } from '../../shared/visitor.ts'
import type { Context } from '../context.ts'
import { currencyFor } from './default-currency.ts'
import { matches } from './filtering.ts'

type Counts = z.infer<typeof CountsSchema>

/** Counting stops here: beyond it nobody asks how many exactly. */
const most = 10_000
const week = 7 * 86_400_000

/** Counts what a list of these filters would show, and how much of it was first published in the last seven days. */
export async function countPosts(
  ctx: Pick<Context, 'db' | 'now' | 'region'>,
  query: PostQuery,
  visitor: Pick<Visitor, 'country'>,
): Promise<Counts> {
  const found = matches(ctx, query, currencyFor(ctx.region, query, visitor))
  const since = new Date(ctx.now().getTime() - week)
  // Whatever was published since was bumped since too: that condition is one an index can answer.
  const fresh = sql<boolean>`${found} AND posts.bumped_at >= ${since} AND posts.published_at >= ${since}`
  const [total, newThisWeek] = await Promise.all([count(ctx, found), count(ctx, fresh)])
  return { total, newThisWeek }
}

async function count({ db }: Pick<Context, 'db'>, condition: RawBuilder<boolean>): Promise<number> {
  const found = db.selectFrom('posts').select('posts.id').where(condition).limit(most).as('found')
  const { total } = await db
    .selectFrom(found)
    .select(eb => eb.fn.countAll().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}
