import type { Region } from '../../shared/regions.ts'
import { AWS_REGIONS, resourceName } from './aws-resources.ts'
import { childEnv, nodeChild } from './node-child.ts'
import { databaseUrl } from './postgres.ts'
import { accessKeyId } from './s3/credentials.ts'
import type { Secrets } from './secrets.ts'
import { answers, type Service } from './supervisor.ts'

/** The ports of one stack. */
export type Ports = {
  edge: number
  postgres: number
  aws: number
  mail: number
  redis: number
  opensearch: number
} & Record<`${'origin' | Role}-${Region}`, number>

/** What runs beside each origin: `relay` publishes the outbox, `worker` does the jobs. */
export const roles = { relay: 'origin/relay.ts', worker: 'origin/consumer.ts' } as const
type Role = keyof typeof roles

/** Seconds that jobs in flight get when the stack stops. */
const stopWithin = 4

/**
 * The settings of a region's origin, as `origin/config.ts` reads them; its command-line tools get the same.
 * @param openSearch whether the stack has one
 */
export function originEnv(
  region: Region,
  regions: Region[],
  ports: Ports,
  { secrets, openSearch }: { secrets: Secrets; openSearch: boolean },
): Record<string, string> {
  const aws = `http://127.0.0.1:${ports.aws}`
  const redis = `http://127.0.0.1:${ports.redis}`
  const peers = Object.fromEntries(regions.map(peer => [peer, `http://127.0.0.1:${ports[`origin-${peer}`]}`]))
  const peerQueues = Object.fromEntries(
    regions.map(peer => [peer, { awsRegion: AWS_REGIONS[peer], prefix: resourceName(peer) }]),
  )
  return {
    REGION: region,
    HOST: '127.0.0.1',
    PORT: String(ports[`origin-${region}`]),
    SITE_URL: `http://localhost:${ports.edge}`,
    DATABASE_URL: databaseUrl(region, ports.postgres, secrets),
    SHARED_REDIS_URL: redis,
    SHARED_REDIS_TOKEN: secrets.redisTokens.shared,
    REGION_REDIS_URL: redis,
    REGION_REDIS_TOKEN: secrets.redisTokens[region],
    EDGE_KEY: secrets.edgeKey,
    DIRECTORY_KEY: secrets.directoryKey,
    REGION_KEY: secrets.regionKeys[region],
    PEER_ORIGINS: JSON.stringify(peers),
    AWS_REGION: AWS_REGIONS[region],
    AWS_ACCESS_KEY_ID: accessKeyId(region),
    AWS_SECRET_ACCESS_KEY: secrets.awsSecretKeys[region],
    S3_ENDPOINT: aws,
    S3_BUCKET: resourceName(region),
    SQS_ENDPOINT: aws,
    SQS_QUEUE_PREFIX: resourceName(region),
    PEER_QUEUES: JSON.stringify(peerQueues),
    STOP_WITHIN: String(stopWithin),
    SES_ENDPOINT: `http://127.0.0.1:${ports.mail}`,
    // The local inbox tells nothing of what it took: a mail in doubt is sent again before anybody loses patience.
    MAIL_DOUBT_SECONDS: '15',
    MAIL_FROM: 'ClassifyHub <no-reply@classifyhub.example>',
    MAIL_REPLY_TO: 'help@classifyhub.example',
    ...(openSearch && { OPENSEARCH_URL: `http://127.0.0.1:${ports.opensearch}` }),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
  }
}

/** The origin of a region; it runs its migrations itself and is healthy when it answers `/readyz`. */
export function originService(region: Region, env: Record<string, string>, port: number): Service {
  return {
    name: `origin-${region}`,
    port,
    ...nodeChild('origin/server.ts'),
    env: childEnv(env),
    isHealthy: () => answers(`http://127.0.0.1:${port}/readyz`),
  }
}

/** A role of a region, with the settings of its origin but for the port, on which it answers `/healthz` alone. */
export function roleService(role: Role, region: Region, env: Record<string, string>, port: number): Service {
  return {
    name: `${role}-${region}`,
    port,
    ...nodeChild(roles[role]),
    env: childEnv({ ...env, PORT: String(port) }),
    // What was not done in time is given back within another second.
    ...(role === 'worker' && { grace: (stopWithin + 1) * 1_000 }),
    isHealthy: () => answers(`http://127.0.0.1:${port}/healthz`),
  }
}
