import type { JobKind } from '../shared/jobs.ts'
import type { Context } from './context.ts'
import { makeExport } from './exports/making.ts'
import type { Handler, Job } from './job.ts'
import { eraseTraces } from './life-cycle/erasing.ts'
import { takeFeedback } from './mail/feedback.ts'
import { sendRequestedMail } from './mail/sending.ts'
import { processImage } from './media/processing.ts'
import { removeBytes } from './media/removing.ts'
import { keepThreadNews } from './messages/mirrors.ts'
import { indexPost } from './search/indexing/changes.ts'
import { inTrace } from './trace.ts'

export type Handlers = { readonly [K in JobKind]: Handler<K> }

/** Who does what: every kind of job has its handler, a verb of the slice that it concerns. */
export const handlers: Handlers = {
  'mail.requested': (ctx, { payload }) => sendRequestedMail(ctx, payload),
  'mail.feedback': (ctx, { payload }) => takeFeedback(ctx, payload),
  'post.changed': indexPost,
  'thread.changed': (ctx, { payload }) => keepThreadNews(ctx.db, payload),
  'account.erased': eraseTraces,
  'export.requested': makeExport,
  'image.uploaded': processImage,
  'image.removed': (ctx, { payload }) => removeBytes(ctx, payload),
  purge: (ctx, { payload }) => ctx.purgeLog.append(payload),
}

/** Does a job by its handler; what it records for later goes on with the job's trace. @throws what the handler throws */
export function doJob(ctx: Context, job: Job, by: Handlers = handlers): Promise<void> {
  const handler = by[job.kind] as (ctx: Context, job: Job) => Promise<void>
  return inTrace(job.traceparent, () => handler(ctx, job))
}
