import type { SQSClient } from '@aws-sdk/client-sqs'
import type { Queue } from '../../shared/jobs.ts'
import type { Region } from '../../shared/regions.ts'
import type { Config } from '../config.ts'
import { timeouts } from './aws-timeouts.ts'

/** A queue of a region, one's own where none is named, or its dead-letter queue. */
export type QueueAddress = { queue: Queue; region?: Region; dead?: boolean }
export type Message = { body: string; attributes: Record<string, string> }
export type ReceivedMessage = Message & {
  messageId: string
  /** Names this delivery of it; good until its lease ends. */
  handle: string
  /** How many times it was delivered, this one included. */
  receives: number
  sentAt: Date
}
export type Depth = { waiting: number; inFlight: number; delayed: number }

/** Queues that deliver at least once, in no order (Amazon SQS, standard queues). What takes a list takes ten at most. */
export type Queues = {
  /** @returns for each message why it was not taken, or undefined; throws when no answer tells */
  send: (to: QueueAddress, messages: Message[]) => Promise<(string | undefined)[]>
  /** Waits for messages and takes them for `leaseSeconds`. */
  receive: (
    from: QueueAddress,
    options: { max: number; waitSeconds: number; leaseSeconds: number; signal?: AbortSignal },
  ) => Promise<ReceivedMessage[]>
  /** Makes deliveries last for so many seconds from now, one at least: then they are delivered again. @returns handles that were not */
  extend: (from: QueueAddress, handles: string[], seconds: number) => Promise<string[]>
  /** Deletes messages that are done. @returns handles that were not */
  remove: (from: QueueAddress, handles: string[]) => Promise<string[]>
  depth: (of: QueueAddress) => Promise<Depth>
}

/** Seconds that a call may take, beside those for which a poll waits. */
const patience = 5

/**
 * Reaches the queues of this region and of its peers. The SDK is loaded with the first call. It does not retry: the loops that
 * call it do.
 */
export function createQueues({ aws, region: own }: Pick<Config, 'aws' | 'region'>): Queues {
  let sdk: Promise<typeof import('@aws-sdk/client-sqs')> | undefined
  const clients = new Map<string, Promise<SQSClient>>()
  const urls = new Map<string, Promise<string>>()

  return {
    async send(to, messages) {
      const { client, url, commands } = await open(to)
      const Entries = messages.map(({ body, attributes }, i) => ({
        Id: String(i),
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
        ),
      }))
      const { Failed = [] } = await client.send(new commands.SendMessageBatchCommand({ QueueUrl: url, Entries }))
      const faults = new Map(Failed.map(({ Id, Code, Message: text }) => [Id, text ? `${Code}: ${text}` : `${Code}`]))
      return Entries.map(entry => faults.get(entry.Id))
    },

    async receive(from, { max, waitSeconds, leaseSeconds, signal }) {
      const { client, url, commands } = await open(from)
      const command = new commands.ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        VisibilityTimeout: leaseSeconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
      })
      const requestTimeout = (waitSeconds + patience) * 1000
      const { Messages = [] } = await client.send(command, { requestTimeout, ...(signal && { abortSignal: signal }) })
      return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes, MessageAttributes = {} }) => ({
        messageId: MessageId,
        handle: ReceiptHandle,
        body: Body,
        // No empty text for one that holds bytes: SQS refuses a message that is sent on with such.
        attributes: Object.fromEntries(
          Object.entries(MessageAttributes).flatMap(([name, { StringValue }]) =>
            StringValue ? [[name, StringValue]] : [],
          ),
        ),
        receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
        sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)),
      }))
    },

    async extend(from, handles, seconds) {
      const { client, url, commands } = await open(from)
      // Not 0: fauxqs answers 500 to that and hides the message.
      const VisibilityTimeout = Math.max(1, Math.ceil(seconds))
      const Entries = handles.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle, VisibilityTimeout }))
      const command = new commands.ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries })
      return handlesOf((await client.send(command)).Failed, handles)
    },

    async remove(from, handles) {
      const { client, url, commands } = await open(from)
      const Entries = handles.map((ReceiptHandle, i) => ({ Id: String(i), ReceiptHandle }))
      const command = new commands.DeleteMessageBatchCommand({ QueueUrl: url, Entries })
      return handlesOf((await client.send(command)).Failed, handles)
    },

    async depth(of) {
      const { client, url, commands } = await open(of)
      const names = ['', 'NotVisible', 'Delayed'].map(part => `ApproximateNumberOfMessages${part}` as const)
      const command = new commands.GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: names as ('ApproximateNumberOfMessages' | 'ApproximateNumberOfMessagesNotVisible')[],
      })
      const { Attributes = {} } = await client.send(command)
      const [waiting = 0, inFlight = 0, delayed = 0] = names.map(name =>
        Number((Attributes as Record<string, string>)[name] ?? 0),
      )
      return { waiting, inFlight, delayed }
    },
  }

  async function open(address: QueueAddress) {
    const { awsRegion, prefix } = placeOf(address.region ?? own)
    sdk ??= import('@aws-sdk/client-sqs')
    const commands = await sdk
    const client = await keep(clients, awsRegion, async () => connect(commands, awsRegion))
    const QueueName = `${prefix}-${address.queue}${address.dead ? '-dlq' : ''}`
    const url = await keep(urls, `${awsRegion} ${QueueName}`, async () => {
      const { QueueUrl } = await client.send(new commands.GetQueueUrlCommand({ QueueName }))
      return QueueUrl ?? ''
    })
    return { client, url, commands }
  }

  function placeOf(region: Region): { awsRegion: string; prefix: string } {
    if (region === own) return { awsRegion: aws.region, prefix: aws.queuePrefix }
    const peer = aws.peerQueues[region]
    if (!peer) throw new Error(`Cannot reach the queues of region "${region}": PEER_QUEUES must name them`)
    return peer
  }

  function connect({ SQSClient }: typeof import('@aws-sdk/client-sqs'), region: string): SQSClient {
    return new SQSClient({
      region,
      maxAttempts: 1,
      requestHandler: timeouts(patience),
      ...(aws.sqsEndpoint && { endpoint: aws.sqsEndpoint }),
    })
  }
}

/** Remembers what was made, but not a failure. */
function keep<T>(made: Map<string, Promise<T>>, name: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(name)
  if (known) return known
  const making = make()
  made.set(name, making)
  making.catch(() => made.delete(name))
  return making
}

function handlesOf(failed: { Id: string | undefined }[] | undefined, handles: string[]): string[] {
  return (failed ?? []).flatMap(({ Id }) => handles[Number(Id)] ?? [])
}
