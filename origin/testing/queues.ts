import { openAws } from '../../infra/local/aws.ts'
import { AWS_REGIONS, resourceName } from '../../infra/local/aws-resources.ts'
import type { Queue } from '../../shared/jobs.ts'
import { type Region, regions } from '../../shared/regions.ts'
import { createQueues, type Queues, type ReceivedMessage } from '../adapters/sqs.ts'
import type { Config } from '../config.ts'
import { useTestKeys } from './aws-keys.ts'

export type TestQueues = {
  /** The queues as workers of a region reach them. */
  of: (region: Region) => Queues
  /** Settings by which a region reaches them. */
  settings: (region: Region) => Pick<Config['aws'], 'region' | 'queuePrefix' | 'peerQueues' | 'sqsEndpoint'>
  close: () => Promise<void>
}

/** Starts the local stack's stand-in for SQS in this process, in memory, on a free port, with every region's queues. */
export async function createTestQueues(): Promise<TestQueues> {
  useTestKeys()
  const { url, close } = await openAws(0)
  const settings = (region: Region) => ({
    region: AWS_REGIONS[region],
    queuePrefix: resourceName(region),
    peerQueues: Object.fromEntries(
      regions.map(peer => [peer, { awsRegion: AWS_REGIONS[peer], prefix: resourceName(peer) }]),
    ),
    sqsEndpoint: url,
  })
  return {
    settings,
    of: region => createQueues({ region, aws: { ...settings(region) } as Config['aws'] }),
    close,
  }
}

/** Takes everything that is in a queue now, and leaves it empty. */
export async function drain(queues: Queues, queue: Queue, dead = false): Promise<ReceivedMessage[]> {
  const from = { queue, dead }
  const all: ReceivedMessage[] = []
  for (;;) {
    const some = await queues.receive(from, { max: 10, waitSeconds: 0, leaseSeconds: 60 })
    if (some.length === 0) return all
    all.push(...some)
    await queues.remove(
      from,
      some.map(message => message.handle),
    )
  }
}

/** Counts what is in a queue, in flight or delayed. */
export async function countIn(queues: Queues, queue: Queue, dead = false): Promise<number> {
  const { waiting, inFlight, delayed } = await queues.depth({ queue, dead })
  return waiting + inFlight + delayed
}
