import { expect, it } from 'vitest'
import { createClock } from '../testing/clock.ts'
import { createTestOrigin } from '../testing/harness.ts'
import { runDueTasks, runTasks, type Task } from './scheduler.ts'

const minute = 60_000

/** A task that counts its batches, and stays in each until it is let go. */
function createTask(pile: number) {
  const task = { name: crypto.randomUUID(), every: minute, batch: 10, runs: 0, run }
  async function run(): Promise<number> {
    task.runs++
    const done = Math.min(pile, task.batch)
    pile -= done
    return done
  }
  return task satisfies Task & { runs: number }
}

it('runDueTasks works a pile off in batches, then not again before it is due', async () => {
  const clock = createClock()
  const { ctx } = await createTestOrigin({ now: clock.now })
  const task = createTask(25)
  await runDueTasks(ctx, [task])
  expect(task.runs).toBe(3)
  await runDueTasks(ctx, [task])
  expect(task.runs).toBe(3)
  clock.advance(minute)
  await runDueTasks(ctx, [task])
  expect(task.runs).toBe(4)
})

it('runDueTasks gives a task to one of two processes', async () => {
  const { ctx } = await createTestOrigin()
  const task = createTask(5)
  await Promise.all([runDueTasks(ctx, [task]), runDueTasks(ctx, [task]), runDueTasks(ctx, [task])])
  expect(task.runs).toBe(1)
})

it('runDueTasks takes over from a process that died in the midst of a task', async () => {
  const clock = createClock()
  const { ctx } = await createTestOrigin({ now: clock.now })
  const never = new Promise<number>(() => {})
  const task = { ...createTask(0), run: () => never }
  void runDueTasks(ctx, [task])
  const claimed = () => ctx.db.selectFrom('scheduled_tasks').select('claim').where('name', '=', task.name).execute()
  await expect.poll(claimed).toMatchObject([{ claim: expect.any(String) }])
  const next = Object.assign(createTask(3), { name: task.name })
  await runDueTasks(ctx, [next])
  expect(next.runs).toBe(0)
  clock.advance(61_000)
  await runDueTasks(ctx, [next])
  expect(next.runs).toBe(1)
})

it('runDueTasks goes on after a fault, keeps it, and tries again within a minute', async () => {
  const clock = createClock()
  const { ctx } = await createTestOrigin({ now: clock.now })
  let broken = true
  const first: Task = {
    ...createTask(0),
    every: 60 * minute,
    async run() {
      if (broken) throw new Error('not today')
      return 0
    },
  }
  const second = createTask(1)
  await runDueTasks(ctx, [first, second])
  expect(second.runs).toBe(1)
  const row = () =>
    ctx.db.selectFrom('scheduled_tasks').selectAll().where('name', '=', first.name).executeTakeFirstOrThrow()
  expect(await row()).toMatchObject({ last_error: 'Error: not today', last_done_at: null, claim: null })
  broken = false
  clock.advance(minute)
  await runDueTasks(ctx, [first])
  expect(await row()).toMatchObject({ last_error: null, last_done_at: clock.now() })
})

it('runDueTasks stops between two batches and leaves the rest due', async () => {
  const { ctx } = await createTestOrigin()
  const stopping = new AbortController()
  const task = createTask(100)
  const run = task.run
  task.run = async () => {
    if (task.runs === 1) stopping.abort()
    return run()
  }
  await runDueTasks(ctx, [task], stopping.signal)
  expect(task.runs).toBe(2)
  await runDueTasks(ctx, [task])
  expect(task.runs).toBe(11)
})

it('runTasks stops in its time, also in the midst of a batch that does not end', async () => {
  const { ctx } = await createTestOrigin()
  const begun = Promise.withResolvers<void>()
  const task = {
    ...createTask(0),
    run() {
      begun.resolve()
      return new Promise<number>(() => {})
    },
  }
  const scheduler = runTasks({ ...ctx, config: { ...ctx.config, stopWithin: 0.1 } }, [task])
  await begun.promise
  await scheduler.stop()
})
