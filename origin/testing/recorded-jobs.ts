import type { JobKind } from '../../shared/jobs.ts'

/**
 * One message of every version of every kind, as it once lay in a queue. They are written down when a kind or a version is
 * new and never changed: queues hold messages for days, and a worker must still read what an older relay has published.
 */
export const recordedJobs: Readonly<
  Record<JobKind, Record<number, { body: string; attributes: Record<string, string> }>>
> = {
  'mail.requested': {
    1: {
      body: '{"aggregateId":"na_01m8348av8f0erjt01pey91fds","aggregateVersion":3,"publishedAt":"2026-11-23T02:30:00.000Z","payload":{"mail":"post-published","accountId":"na_01m83489sff7psznanvhys0731","key":"post-published:na_01m8348av8f0erjt01pey91fds:3","data":{"postId":"na_01m8348av8f0erjt01pey91fds"}}}',
      attributes: {
        kind: 'mail.requested',
        version: '1',
        'dedup-id': '7f0f54a6-2f0b-4f77-8c14-0b5a3c6e2a01',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    },
  },
  'mail.feedback': {
    1: {
      body: '{"Type":"Notification","MessageId":"9a1b7c52-6a7c-4c26-9f2a-5c61f0c7d102","TopicArn":"arn:aws:sns:us-east-1:000000000000:classifyhub-na-feedback","Message":"{\\"eventType\\":\\"Bounce\\",\\"mail\\":{\\"messageId\\":\\"0100019a-ses\\",\\"tags\\":{}},\\"bounce\\":{\\"bounceType\\":\\"Permanent\\",\\"bouncedRecipients\\":[{\\"emailAddress\\":\\"maria@example.com\\"}]}}","Timestamp":"2026-11-23T02:30:00.000Z"}',
      attributes: {},
    },
  },
  'post.changed': {
    1: {
      body: '{"aggregateId":"na_01m8348av8f0erjt01pey91fds","aggregateVersion":4,"publishedAt":"2026-11-30T14:50:00.000Z","payload":{"postId":"na_01m8348av8f0erjt01pey91fds"}}',
      attributes: { kind: 'post.changed', version: '1', 'dedup-id': '7f0f54a6-2f0b-4f77-8c14-0b5a3c6e2a08' },
    },
  },
  'thread.changed': {
    1: {
      body: '{"aggregateId":"na_01m8348b000000000000000001","aggregateVersion":2,"publishedAt":"2026-11-23T02:30:00.000Z","payload":{"threadId":"na_01m8348b000000000000000001","buyerId":"eu_01m83489s00000000000000002","postId":"na_01m8348av8f0erjt01pey91fds","postTitle":"Dutch city bike","lastActivityAt":"2026-11-23T02:29:59.000Z","unread":1,"version":2,"deleted":false}}',
      attributes: { kind: 'thread.changed', version: '1', 'dedup-id': '7f0f54a6-2f0b-4f77-8c14-0b5a3c6e2a02' },
    },
    2: {
      body: '{"aggregateId":"na_01m8348b000000000000000001","aggregateVersion":2,"publishedAt":"2026-11-25T13:20:00.000Z","payload":{"threadId":"na_01m8348b000000000000000001","buyerId":"eu_01m83489s00000000000000002","sellerId":"na_01m83489sff7psznanvhys0731","postId":"na_01m8348av8f0erjt01pey91fds","postTitle":"Dutch city bike","lastActivityAt":"2026-11-25T13:19:59.000Z","unread":1,"version":2,"deleted":false}}',
      attributes: { kind: 'thread.changed', version: '2', 'dedup-id': '7f0f54a6-2f0b-4f77-8c14-0b5a3c6e2a06' },
    },
  },
  'account.erased': {
    1: {
      body: '{"aggregateId":"eu_01m83489s00000000000000002","aggregateVersion":9,"publishedAt":"2026-11-23T02:30:00.000Z","payload":{"accountId":"eu_01m83489s00000000000000002"}}',
      attributes: { kind: 'account.erased', version: '1', 'dedup-id': '7f0f54a6-2f0b-4f77-8c14-0b5a3c6e2a03' },
    },
  },
  'image.removed': {
    1: {
      body: '{"aggregateId":"na_01m8348av8f0erjt01pey91fds","aggregateVersion":1,"publishedAt":"2026-11-23T02:30:00.000Z","payload":{"folders":["media/na_01m8348d000000000000000004"],"keys":["uploads/na_01m8348d000000000000000004"]}}',
      attributes: { kind: 'image.removed', version: '1', 'dedup-id': '7f0f54a6-2f0b-4f77-8c14-0b5a3c6e2a07' },
    },
  },
  'export.requested': {
    1: {
      body: '{"aggregateId":"na_01m8348c000000000000000003","aggregateVersion":1,"publishedAt":"2026-11-23T02:30:00.000Z","payload":{"exportId":"na_01m8348c000000000000000003"}}',
      attributes: { kind: 'export.requested', version: '1', 'dedup-id': '7f0f54a6-2f0b-4f77-8c14-0b5a3c6e2a04' },
    },
  },
  'image.uploaded': {
    1: {
      body: '{"aggregateId":"na_01m8348d000000000000000004","aggregateVersion":1,"publishedAt":"2026-11-25T09:00:00.000Z","payload":{"imageId":"na_01m8348d000000000000000004"}}',
      attributes: { kind: 'image.uploaded', version: '1', 'dedup-id': '7f0f54a6-2f0b-4f77-8c14-0b5a3c6e2a06' },
    },
  },
  purge: {
    1: {
      body: '{"aggregateId":"post:na_01m8348av8f0erjt01pey91fds","aggregateVersion":1,"publishedAt":"2026-11-23T02:30:00.000Z","payload":{"tags":["post:na_01m8348av8f0erjt01pey91fds","list:na:*:*"],"sessions":[]}}',
      attributes: { kind: 'purge', version: '1', 'dedup-id': '7f0f54a6-2f0b-4f77-8c14-0b5a3c6e2a05' },
    },
  },
}
