import * as z from 'zod'
import '../shared/faults.ts'
import { regionSetting } from '../shared/region-setting.ts'
import { type Region, regions } from '../shared/regions.ts'

const secret = z.string().min(32, 'must have at least 32 characters of random text')
const optionalUrl = z.url().optional()

const Environment = z
  .object({
    REGION: z.enum(regions),
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(8788),
    SITE_URL: z.url(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    DATABASE_DRIVER: z.enum(['pg', 'neon']).optional(),
    /** `host:port` of a WebSocket-to-TCP bridge; only to reach a plain Postgres with the Neon driver. */
    NEON_WS_PROXY: z.string().optional(),
    DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(10),
    SHARED_REDIS_URL: z.url(),
    SHARED_REDIS_TOKEN: z.string().min(1),
    REGION_REDIS_URL: z.url(),
    REGION_REDIS_TOKEN: z.string().min(1),
    EDGE_KEY: secret,
    DIRECTORY_KEY: secret,
    REGION_KEY: secret,
    PEER_ORIGINS: regionSetting(z.url()).prefault('{}'),
    AWS_REGION: z.string().min(1),
    S3_ENDPOINT: optionalUrl,
    S3_BUCKET: z.string().min(3),
    SQS_ENDPOINT: optionalUrl,
    SQS_QUEUE_PREFIX: z.string().min(1),
    /** Where jobs for accounts of other regions go: `{"eu": {"awsRegion": "eu-central-1", "prefix": "classifyhub-eu"}}`. */
    PEER_QUEUES: regionSetting(z.object({ awsRegion: z.string().min(1), prefix: z.string().min(1) })).prefault('{}'),
    /** An OpenSearch that searches go to, with credentials before its host where it asks for them; without one Postgres searches. */
    OPENSEARCH_URL: z
      .url({ protocol: /^https?$/ })
      .refine(hasReadableCredentials, 'has a % in its credentials that must be written %25')
      .optional(),
    /** Seconds that a worker gives to jobs in flight when it is asked to stop. */
    STOP_WITHIN: z.coerce.number().min(0).max(25).default(25),
    SES_ENDPOINT: optionalUrl,
    MAIL_FROM: z.string().min(3),
    /** Who reads the answers, appeals among them; those go to MAIL_FROM otherwise. */
    MAIL_REPLY_TO: z.string().min(3).optional(),
    /** The SES configuration set whose events reach the feedback queue. */
    MAIL_CONFIGURATION_SET: z.string().min(1).optional(),
    /** Seconds that SES's own event is awaited for a mail of which nobody knows whether SES took it. */
    MAIL_DOUBT_SECONDS: z.coerce.number().min(1).max(3_600).default(600),
    LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .superRefine(({ REGION, PEER_ORIGINS, PEER_QUEUES }, ctx) => {
    // A region that mails and erasures cannot reach would keep both waiting, for ever and unseen.
    const silent = regions.filter(region => region !== REGION && region in PEER_ORIGINS && !(region in PEER_QUEUES))
    if (silent.length > 0) {
      const message = `must name ${silent.join(', ')}, as PEER_ORIGINS does`
      ctx.addIssue({ code: 'custom', path: ['PEER_QUEUES'], message })
    }
  })

export type Config = {
  region: Region
  host: string
  port: number
  siteUrl: string
  database: { url: string; driver: 'pg' | 'neon'; wsProxy: string | undefined; pool: number }
  redis: { shared: RedisConfig; region: RedisConfig }
  keys: { edge: string; directory: string; region: string }
  peers: Partial<Record<Region, string>>
  aws: {
    region: string
    s3Endpoint: string | undefined
    bucket: string
    sqsEndpoint: string | undefined
    queuePrefix: string
    peerQueues: Partial<Record<Region, { awsRegion: string; prefix: string }>>
    sesEndpoint: string | undefined
  }
  mail: {
    from: string
    replyTo: string | undefined
    configurationSet: string | undefined
    /** Milliseconds. */
    doubtFor: number
  }
  /** Undefined: Postgres alone searches. */
  openSearchUrl: string | undefined
  stopWithin: number
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}
export type RedisConfig = { url: string; token: string }

/** What is wrong with the settings, all of it at once; the process should print the message and stop. */
export class ConfigError extends Error {}

/**
 * Reads the settings of an origin from environment variables.
 * @throws ConfigError that lists every missing or wrong setting
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const parsed = Environment.safeParse(env)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(issue => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`Cannot start the origin, ${faults.length} setting(s) are wrong:\n${faults.join('\n')}`)
  }
  const e = parsed.data
  return {
    region: e.REGION,
    host: e.HOST,
    port: e.PORT,
    siteUrl: e.SITE_URL.replace(/\/$/, ''),
    database: {
      url: e.DATABASE_URL,
      driver: e.DATABASE_DRIVER ?? (isNeonHost(e.DATABASE_URL) ? 'neon' : 'pg'),
      wsProxy: e.NEON_WS_PROXY,
      pool: e.DATABASE_POOL,
    },
    redis: {
      shared: { url: e.SHARED_REDIS_URL, token: e.SHARED_REDIS_TOKEN },
      region: { url: e.REGION_REDIS_URL, token: e.REGION_REDIS_TOKEN },
    },
    keys: { edge: e.EDGE_KEY, directory: e.DIRECTORY_KEY, region: e.REGION_KEY },
    peers: e.PEER_ORIGINS as Partial<Record<Region, string>>,
    aws: {
      region: e.AWS_REGION,
      s3Endpoint: e.S3_ENDPOINT,
      bucket: e.S3_BUCKET,
      sqsEndpoint: e.SQS_ENDPOINT,
      queuePrefix: e.SQS_QUEUE_PREFIX,
      peerQueues: e.PEER_QUEUES as Config['aws']['peerQueues'],
      sesEndpoint: e.SES_ENDPOINT,
    },
    mail: {
      from: e.MAIL_FROM,
      replyTo: e.MAIL_REPLY_TO,
      configurationSet: e.MAIL_CONFIGURATION_SET,
      doubtFor: e.MAIL_DOUBT_SECONDS * 1_000,
    },
    openSearchUrl: e.OPENSEARCH_URL,
    stopWithin: e.STOP_WITHIN,
    logLevel: e.LOG_LEVEL,
  }
}

function isNeonHost(url: string): boolean {
  return new URL(url).hostname.endsWith('.neon.tech')
}

/** A client decodes what stands before the host; what it cannot decode fails every call. What is no URL at all is told elsewhere. */
function hasReadableCredentials(text: string): boolean {
  if (!URL.canParse(text)) return true
  const { username, password } = new URL(text)
  try {
    return decodeURIComponent(username + password) !== undefined
  } catch {
    return false
  }
}
