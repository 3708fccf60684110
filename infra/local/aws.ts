import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { regions } from '../../shared/regions.ts'
import { lifecycleRules } from '../bucket.ts'
import { AWS_REGIONS, resourceName, resourcesOf } from './aws-resources.ts'
import { childEnv, closeOnSignal, nodeChild } from './node-child.ts'
import { almighty, type Identity, localIdentities } from './s3/credentials.ts'
import type { App, S3Store } from './s3/fauxqs.ts'
import { guard } from './s3/guard.ts'
import { applyLifecycle } from './s3/lifecycle.ts'
import { loadSecrets } from './secrets.ts'
import { answers, type Service } from './supervisor.ts'

/**
 * The stand-in for S3, SQS and SNS (fauxqs behind a guard of ours), with each region's bucket, queues and dead-letter queues.
 * @param dir the data folder, where it finds whom to let in
 * @param sitePort where the pages come from that may send files to it
 */
export function awsService(dir: string, port: number, sitePort: number): Service {
  return {
    name: 'aws',
    port,
    ...nodeChild('infra/local/aws.ts', [dir, String(port), String(sitePort)]),
    env: childEnv({}),
    isHealthy: () => answers(`http://127.0.0.1:${port}/health`),
  }
}

export type AwsOptions = {
  /** Who is let in, and what for; where nobody is named, whoever the environment of this process names, for everything. */
  identities?: readonly Identity[]
  siteOrigins?: readonly string[]
  /** Where everything is kept; nowhere when it is left out. */
  dataDir?: string
  /** Milliseconds; the real time where not given. */
  now?: () => number
  /** How often what has expired is looked for, in milliseconds. */
  sweepEvery?: number
}

export type LocalAws = { url: string; s3Store: S3Store; close: () => Promise<void> }

/** Opens the stand-in on a port of the loopback address, 0 for any. */
export async function openAws(port: number, options: AwsOptions = {}): Promise<LocalAws> {
  const { identities = [fromEnvironment()], siteOrigins = [], dataDir, now = Date.now, sweepEvery = 60_000 } = options
  const { buildApp } = await import('fauxqs')
  // `startFauxqs` listens on every address; these inner parts, which it is made of, let us listen on the loopback only.
  const inner = (file: string) => import(new URL(file, import.meta.resolve('fauxqs')).href)
  const { SqsStore } = await inner('./sqs/sqsStore.js')
  const { SnsStore } = await inner('./sns/snsStore.js')
  const { S3Store } = await inner('./s3/s3Store.js')
  const { PersistenceManager } = await inner('./persistence.js')
  const { applyInitConfig } = await inner('./initConfig.js')
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() }
  const app: App = buildApp({ logger: false, defaultRegion: AWS_REGIONS.na, stores })
  const sweep = setInterval(() => {
    for (const region of regions) applyLifecycle(stores.s3Store, resourceName(region), lifecycleRules, now())
  }, sweepEvery)
  app.addHook('preClose', async () => clearInterval(sweep))
  if (dataDir !== undefined) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const disk = new PersistenceManager(dataDir)
    moveQueueUrls(path.join(dataDir, 'fauxqs.db'), port)
    disk.load(stores.sqsStore, stores.snsStore, stores.s3Store)
    for (const store of [...Object.values(stores), ...stores.sqsStore.allQueues()]) store.persistence = disk
    app.addHook('preClose', async () => disk.close())
  }
  for (const region of regions) {
    applyInitConfig(resourcesOf(region), stores.sqsStore, stores.snsStore, stores.s3Store, {
      port,
      region: AWS_REGIONS[region],
    })
  }
  app.addHook('onSend', (request, _, payload, done) => {
    if (request.raw.socket.destroyed) giveBack(request.body, payload, stores.sqsStore)
    done(null, payload)
  })
  guard(app, { identities, siteOrigins, now, store: stores.s3Store })
  const url = await app.listen({ port, host: '127.0.0.1' })
  return { url, s3Store: stores.s3Store, close: () => app.close() }
}

function fromEnvironment(): Identity {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env
  if (!accessKeyId || !secretAccessKey) throw new Error('Cannot open the stand-in for AWS: nobody would be let in')
  return almighty({ accessKeyId, secretAccessKey })
}

type Delivery = { message: { approximateReceiveCount: number } }
type Queue = { inflightMessages: Map<string, Delivery>; changeVisibility: (handle: string, seconds: number) => void }

// A poll goes on waiting when its caller has died, and would swallow what comes for half a minute: SQS does not.
function giveBack(asked: unknown, answered: unknown, store: { getQueue: (url: string) => Queue | undefined }) {
  const { QueueUrl } = (asked ?? {}) as { QueueUrl?: string }
  if (!QueueUrl || typeof answered !== 'string' || !answered.includes('"ReceiptHandle"')) return
  const queue = store.getQueue(QueueUrl)
  for (const { ReceiptHandle } of (JSON.parse(answered) as { Messages: { ReceiptHandle: string }[] }).Messages) {
    const delivery = queue?.inflightMessages.get(ReceiptHandle)
    if (delivery) delivery.message.approximateReceiveCount--
    queue?.changeVisibility(ReceiptHandle, 1)
  }
}

// The SDK sends to the address that a queue's URL names, and the store keeps URLs: they must follow when the port has changed.
function moveQueueUrls(file: string, port: number) {
  const database = new DatabaseSync(file)
  database.prepare("UPDATE sqs_queues SET url = 'http://127.0.0.1:' || ? || '/000000000000/' || name").run(port)
  database.close()
}

if (import.meta.main) {
  const [dir, port, sitePort] = process.argv.slice(2)
  if (dir === undefined || sitePort === undefined) throw new Error('Cannot serve: usage is aws.ts DIR PORT SITE_PORT')
  const { close } = await openAws(Number(port), {
    identities: localIdentities(loadSecrets(path.join(dir, 'secrets.json'))),
    siteOrigins: ['localhost', '127.0.0.1', '[::1]'].map(host => `http://${host}:${sitePort}`),
    dataDir: path.join(dir, 'aws'),
  })
  closeOnSignal(close)
}
