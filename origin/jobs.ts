import type { JobKind } from '../shared/jobs.ts'
import { makeExport } from './exports/making.ts'
import type { Handler } from './job.ts'
import { eraseTraces } from './life-cycle/erasing.ts'
import { takeFeedback } from './mail/feedback.ts'
import { sendRequestedMail } from './mail/sending.ts'
import { processImage } from './media/processing.ts'
import { removeBytes } from './media/removing.ts'
import { keepThreadNews } from './messages/mirrors.ts'

/** Who does what: every kind of job has its handler, a verb of the slice that it concerns. */
export const handlers: { readonly [K in JobKind]: Handler<K> } = {
  'mail.requested': (ctx, { payload }) => sendRequestedMail(ctx, payload),
  'mail.feedback': (ctx, { payload }) => takeFeedback(ctx, payload),
  'thread.changed': (ctx, { payload }) => keepThreadNews(ctx.db, payload),
  'account.erased': eraseTraces,
  'export.requested': makeExport,
  'image.uploaded': processImage,
  'image.removed': (ctx, { payload }) => removeBytes(ctx, payload),
  purge: (ctx, { payload }) => ctx.purgeLog.append(payload),
}
