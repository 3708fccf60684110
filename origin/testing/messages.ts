import type { Thread } from '../../shared/message.ts'
import type { TestAccount } from './factories.ts'
import type { TestOrigin } from './harness.ts'

/** Writes a first message about a post over HTTP. @returns the thread as the buyer sees it */
export async function createTestThread(
  origin: TestOrigin,
  { token }: Pick<TestAccount, 'token'>,
  postId: string,
  text = 'Is it still available?',
): Promise<Thread> {
  const reply = await origin.request('POST', `/posts/${postId}/messages`, { token, body: { text } })
  if (reply.status !== 201) throw new Error(`Cannot open a thread: ${reply.status} ${reply.text}`)
  return reply.body
}

/** Reports something over HTTP. @returns the id of the report */
export async function createTestReport(
  origin: TestOrigin,
  resource: string,
  token?: string,
  text = 'Have a look',
): Promise<string> {
  const reply = await origin.request('POST', `${resource}/reports`, { token, body: { reason: 'spam', text } })
  if (reply.status !== 202) throw new Error(`Cannot report ${resource}: ${reply.status} ${reply.text}`)
  const subject = resource.split('/').at(-1) ?? ''
  const row = await origin.ctx.db
    .selectFrom('reports')
    .select('id')
    .where('subject_id', '=', subject)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return row.id
}
