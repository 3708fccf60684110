import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type JobKind, jobKinds, readVersion } from '../shared/jobs.ts'
import { handlers } from './jobs.ts'
import { readMessage, writeMessage } from './message.ts'
import { createTestOrigin, type TestOrigin } from './testing/harness.ts'
import { recordedJobs } from './testing/recorded-jobs.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await createTestOrigin()
})

const versions = Object.entries(jobKinds).flatMap(([kind, { payloads }]) =>
  Object.keys(payloads).map(version => [kind as JobKind, Number(version)] as const),
)

describe('recorded messages', () => {
  it.each(versions)('there is one of %s, version %i', (kind, version) => {
    expect(recordedJobs[kind]).toHaveProperty(`${version}`)
  })

  it.each(versions)(
    '%s, version %i, is read and done, and done again, though nothing that it names exists',
    async (kind, version) => {
      const message = recordedJobs[kind][version] ?? { body: '', attributes: {} }
      const job = readMessage({ ...message, messageId: 'm', receives: 1, sentAt: new Date() })
      expect(job).toMatchObject({ kind, version })
      const handler = handlers[kind] as (ctx: TestOrigin['ctx'], job: unknown) => Promise<void>
      for (let time = 0; time < 2; time++) await expect(handler(origin.ctx, job)).resolves.not.toThrow()
      expect(await origin.ctx.db.selectFrom('posts').select('id').execute()).toEqual([])
      expect(await origin.ctx.db.selectFrom('accounts').select('id').execute()).toEqual([])
      expect(await origin.ctx.db.selectFrom('mails').select('id').execute()).toEqual([])
    },
  )

  it('are never changed', () => {
    const sums = Object.entries(recordedJobs).flatMap(([kind, byVersion]) =>
      Object.entries(byVersion).map(([version, message]) => {
        const sum = createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 12)
        return `${kind} ${version} ${sum}`
      }),
    )
    expect(sums).toMatchInlineSnapshot(`
      [
        "mail.requested 1 46ea8bea0acb",
        "mail.feedback 1 7d68d696ca07",
        "post.changed 1 bd2079d4790c",
        "thread.changed 1 94a6e7317c3b",
        "thread.changed 2 26acc6eb2343",
        "account.erased 1 4521dd42e070",
        "image.removed 1 5efbe179425d",
        "export.requested 1 a572baa4f4e5",
        "image.uploaded 1 301101857e00",
        "purge 1 18f5ddd60e03",
      ]
    `)
  })
})

describe('an earlier version', () => {
  const Present = z.object({ tags: z.array(z.string()), at: z.string() })
  const Earlier = z.object({ tag: z.string() }).transform(({ tag }) => ({ tags: [tag], at: 'unknown' }))
  const entry = { queue: 'purge', version: 2, payloads: { 1: Earlier, 2: Present } } as const

  it('is read in the present form', () => {
    expect(readVersion(entry, 1, { tag: 'post:x' })).toEqual({ tags: ['post:x'], at: 'unknown' })
    expect(readVersion(entry, 2, { tags: ['post:x'], at: 'now' })).toEqual({ tags: ['post:x'], at: 'now' })
  })

  it('is refused when it is known no more, or not yet', () => {
    expect(() => readVersion(entry, 3, {})).toThrow('Cannot read version 3 of a payload: 1, 2 are known, 2 is written')
  })
})

describe('writeMessage', () => {
  it('writes what readMessage reads', () => {
    const row = {
      job_id: crypto.randomUUID(),
      kind: 'purge',
      version: 1,
      payload: { tags: ['post:x'], sessions: ['na_s'] },
      aggregate_id: 'post:x',
      aggregate_version: 4,
      traceparent: null,
    }
    const now = new Date('2026-11-23T12:00:00.000Z')
    const read = readMessage({ ...writeMessage(row, now), messageId: 'm', receives: 3, sentAt: now })
    expect(read).toEqual({
      id: row.job_id,
      kind: 'purge',
      version: 1,
      payload: row.payload,
      aggregateId: 'post:x',
      aggregateVersion: 4,
      traceparent: null,
      receives: 3,
      publishedAt: now,
    })
  })
})
