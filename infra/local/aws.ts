import { mkdirSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { regions } from '../../shared/regions.ts'
import { AWS_REGIONS, resourcesOf } from './aws-resources.ts'
import { childEnv, closeOnSignal, nodeChild } from './node-child.ts'
import { answers, type Service } from './supervisor.ts'

/** The stand-in for S3, SQS and SNS (fauxqs), with each region's bucket, queues and dead-letter queues. It knows no signatures. */
export function awsService(dir: string, port: number): Service {
  return {
    name: 'aws',
    port,
    ...nodeChild('infra/local/aws.ts', [path.join(dir, 'aws'), String(port)]),
    env: childEnv({}),
    isHealthy: () => answers(`http://127.0.0.1:${port}/health`),
  }
}

/**
 * Opens the stand-in on a port of the loopback address, 0 for any.
 * @param dataDir where everything is kept; nowhere when it is left out
 */
export async function openAws(port: number, dataDir?: string): Promise<{ url: string; close: () => Promise<void> }> {
  const { buildApp } = await import('fauxqs')
  // `startFauxqs` listens on every address; these inner parts, which it is made of, let us listen on the loopback only.
  const inner = (file: string) => import(new URL(file, import.meta.resolve('fauxqs')).href)
  const { SqsStore } = await inner('./sqs/sqsStore.js')
  const { SnsStore } = await inner('./sns/snsStore.js')
  const { S3Store } = await inner('./s3/s3Store.js')
  const { PersistenceManager } = await inner('./persistence.js')
  const { applyInitConfig } = await inner('./initConfig.js')
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() }
  const app = buildApp({ logger: false, defaultRegion: AWS_REGIONS.na, stores })
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
  app.addHook('onSend', async (request: { raw: IncomingMessage; body: unknown }, _: unknown, payload: unknown) => {
    if (request.raw.socket.destroyed) giveBack(request.body, payload, stores.sqsStore)
    return payload
  })
  const url = await app.listen({ port, host: '127.0.0.1' })
  return { url, close: () => app.close() }
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
  const [dataDir, port] = process.argv.slice(2)
  if (dataDir === undefined) throw new Error('Cannot serve: usage is aws.ts DIR PORT')
  const { close } = await openAws(Number(port), dataDir)
  closeOnSignal(close)
}
