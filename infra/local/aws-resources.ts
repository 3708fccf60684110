import { type Region, regions } from '../../shared/regions.ts'
import { lifecycleRules } from '../bucket.ts'

/** The AWS region in which each of ours lives. */
export const AWS_REGIONS: Record<Region, string> = { na: 'us-east-1', eu: 'eu-central-1', ap: 'ap-southeast-1' }

const QUEUES = ['mail', 'feedback', 'index', 'media', 'purge']
const MAX_RECEIVES = 5

/** Name of a region's bucket and prefix of its queues. */
export function resourceName(region: Region): string {
  return `classifyhub-${region}`
}

/** The AWS region of a bucket of ours; undefined for a bucket that is none of them. */
export function awsRegionOf(bucket: string): string | undefined {
  const region = regions.find(one => resourceName(one) === bucket)
  return region && AWS_REGIONS[region]
}

/** What the stand-in makes for a region. Dead-letter queues first: a redrive policy names one that exists. */
export function resourcesOf(region: Region) {
  const name = resourceName(region)
  const arn = (queue: string) => `arn:aws:sqs:${AWS_REGIONS[region]}:000000000000:${queue}`
  const dead = QUEUES.map(queue => ({ name: `${name}-${queue}-dlq`, region: AWS_REGIONS[region] }))
  const live = QUEUES.map(queue => ({
    name: `${name}-${queue}`,
    region: AWS_REGIONS[region],
    attributes: {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: arn(`${name}-${queue}-dlq`),
        maxReceiveCount: MAX_RECEIVES,
      }),
    },
  }))
  // SES tells this topic what becomes of mails; the worker reads it from the queue of the same name.
  const topic = { name: `${name}-feedback`, region: AWS_REGIONS[region] }
  return {
    region: AWS_REGIONS[region],
    queues: [...dead, ...live],
    topics: [topic],
    subscriptions: [{ topic: topic.name, queue: topic.name, region: AWS_REGIONS[region] }],
    buckets: [{ name, lifecycleConfiguration: { Rules: lifecycleRules } }],
  }
}
