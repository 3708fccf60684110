import type { Context } from '../context.ts'

export type FailingTask = { name: string; error: string; nextAt: Date }

/** Lists the scheduled tasks whose last run failed, and when each is tried again. */
export async function readFailingTasks({ db }: Pick<Context, 'db'>): Promise<FailingTask[]> {
  const rows = await db
    .selectFrom('scheduled_tasks')
    .select(['name', 'last_error', 'due_at'])
    .where('last_error', 'is not', null)
    .orderBy('name')
    .execute()
  return rows.map(({ name, last_error, due_at }) => ({ name, error: last_error ?? '', nextAt: due_at }))
}
