import type { JobKind } from '../shared/jobs.ts'
import type { Handler } from './job.ts'

/** Who does what: every kind of job has its handler, a verb of the slice that it concerns. */
export const handlers: { readonly [K in JobKind]: Handler<K> } = {
  'mail.requested': notYet,
  'thread.changed': notYet,
  'export.requested': notYet,
  purge: (ctx, { payload }) => ctx.purgeLog.append(payload),
}

async function notYet(): Promise<never> {
  throw new Error('no handler yet')
}
