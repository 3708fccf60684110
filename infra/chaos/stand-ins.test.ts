import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { AwsClient } from 'aws4fetch'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { awsService } from '../local/aws.ts'
import { AWS_REGIONS, resourceName } from '../local/aws-resources.ts'
import { mailService } from '../local/mail.ts'
import { nextFree } from '../local/ports.ts'
import { waitUntil } from '../local/processes.ts'
import { redisService } from '../local/redis.ts'
import { accessKeyId } from '../local/s3/credentials.ts'
import { loadSecrets } from '../local/secrets.ts'
import type { Service } from '../local/supervisor.ts'

/*
 * The chaos run kills the stand-ins for SQS, SES and Redis as well, and puts what is lost down to us. That is fair only if
 * they lose nothing that they have taken: shown here, each alone, by SIGKILL in the midst of writes.
 */

let folder: string
const running = new Set<ChildProcess>()

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'stand-ins-'))
})
afterEach(async () => {
  for (const child of running) await kill(child)
  rmSync(folder, { recursive: true, force: true })
})

async function start(service: Service): Promise<ChildProcess> {
  const child = spawn(service.command, service.args, { env: service.env, stdio: ['pipe', 'ignore', 'ignore'] })
  running.add(child)
  expect(await waitUntil(service.isHealthy, 20_000)).toBe(true)
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** Writes from several hands until the process is killed under them. @returns what it has said yes to */
async function writeUntilKilled(service: Service, write: (n: number) => Promise<boolean>): Promise<number[]> {
  const child = await start(service)
  const taken: number[] = []
  let next = 0
  let alive = true
  const hand = async () => {
    while (alive) {
      const n = next++
      const yes = await write(n).catch(() => false)
      if (yes) taken.push(n)
    }
  }
  const hands = Array.from({ length: 8 }, hand)
  await waitUntil(() => taken.length >= 300, 20_000)
  await kill(child)
  alive = false
  await Promise.all(hands)
  expect(taken.length).toBeGreaterThanOrEqual(300)
  return taken
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  }
  return fetch(url, { ...init, signal: AbortSignal.timeout(5_000) })
}

it('the stand-in for SQS keeps each message that it has taken, and forgets each that was deleted', async () => {
  const port = await nextFree(20_400)
  const { awsSecretKeys } = loadSecrets(path.join(folder, 'secrets.json'))
  const service = awsService(folder, port, 80)
  const QueueUrl = `http://127.0.0.1:${port}/000000000000/${resourceName('na')}-purge`
  const keys = { accessKeyId: accessKeyId('na'), secretAccessKey: awsSecretKeys.na }
  const sqs = new AwsClient({ ...keys, service: 'sqs', region: AWS_REGIONS.na, retries: 0 })
  const ask = async (action: string, input: object) => {
    const headers = { 'x-amz-target': `AmazonSQS.${action}`, 'content-type': 'application/x-amz-json-1.0' }
    const body = JSON.stringify({ QueueUrl, ...input })
    const signal = AbortSignal.timeout(5_000)
    const reply = await sqs.fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body, headers, signal })
    return { ok: reply.ok, body: (await reply.json()) as { Messages?: { Body: string; ReceiptHandle: string }[] } }
  }
  const taken = await writeUntilKilled(service, async n => (await ask('SendMessage', { MessageBody: String(n) })).ok)

  let child = await start(service)
  const first = (await ask('ReceiveMessage', { MaxNumberOfMessages: 10, VisibilityTimeout: 1 })).body.Messages ?? []
  for (const { ReceiptHandle } of first) expect((await ask('DeleteMessage', { ReceiptHandle })).ok).toBe(true)
  await kill(child)
  child = await start(service)
  const found = new Set<number>()
  for (;;) {
    const { Messages } = (await ask('ReceiveMessage', { MaxNumberOfMessages: 10, VisibilityTimeout: 600 })).body
    if (!Messages?.length) break
    for (const { Body } of Messages) found.add(Number(Body))
  }
  const deleted = first.map(({ Body }) => Number(Body))
  expect(deleted.filter(n => found.has(n))).toEqual([])
  expect(taken.filter(n => !found.has(n) && !deleted.includes(n))).toEqual([])
})

it('the stand-in for S3 keeps each object that it has taken', async () => {
  const port = await nextFree(20_405)
  const { awsSecretKeys } = loadSecrets(path.join(folder, 'secrets.json'))
  const service = awsService(folder, port, 80)
  const keys = { accessKeyId: accessKeyId('na'), secretAccessKey: awsSecretKeys.na }
  const s3 = new AwsClient({ ...keys, service: 's3', region: AWS_REGIONS.na, retries: 0 })
  const ask = (n: number, init: RequestInit) => {
    const url = `http://127.0.0.1:${port}/${resourceName('na')}/media/${n}`
    return s3.fetch(url, { ...init, signal: AbortSignal.timeout(5_000) })
  }
  const taken = await writeUntilKilled(service, async n => (await ask(n, { method: 'PUT', body: `object ${n}` })).ok)
  await start(service)
  const found = await Promise.all(taken.map(async n => (await ask(n, { method: 'GET' })).text()))
  expect(found).toEqual(taken.map(n => `object ${n}`))
})

it('the stand-in for SES keeps each mail that it has taken', async () => {
  const port = await nextFree(20_410)
  const service = mailService(folder, port)
  const text = (Data: string) => ({ Data, Charset: 'UTF-8' })
  const authorization = 'AWS4-HMAC-SHA256 Credential=x/20261123/us-east-1/ses/aws4_request, Signature=x'
  const taken = await writeUntilKilled(service, async n => {
    const Content = { Simple: { Subject: text(`mail ${n}`), Body: { Text: text('x') } } }
    const Destination = { ToAddresses: ['a@example.com'] }
    const url = `http://127.0.0.1:${port}/v2/email/outbound-emails`
    return (await post(url, { FromEmailAddress: 'b@example.com', Destination, Content }, { authorization })).ok
  })
  await start(service)
  const store = (await (await fetch(`http://127.0.0.1:${port}/store`)).json()) as { emails: { subject: string }[] }
  const found = new Set(store.emails.map(({ subject }) => Number(subject.slice(5))))
  expect(taken.filter(n => !found.has(n))).toEqual([])
})

it('the Redis bridge keeps each write that it has answered', async () => {
  const { redisTokens } = loadSecrets(path.join(folder, 'secrets.json'))
  const port = await nextFree(20_420)
  const service = redisService(folder, port)
  const ask = async (command: string[]) => {
    const reply = await post(`http://127.0.0.1:${port}/`, command, { authorization: `Bearer ${redisTokens.shared}` })
    return (await reply.json()) as { result: unknown }
  }
  const taken = await writeUntilKilled(service, async n => (await ask(['SET', `key:${n}`, 'x'])).result === 'OK')
  await start(service)
  const { result } = await ask(['MGET', ...taken.map(n => `key:${n}`)])
  expect((result as (string | null)[]).filter(value => value === null)).toEqual([])
  expect(readFileSync(path.join(folder, 'redis', 'log.ndjson'), 'utf8').length).toBeGreaterThan(0)
})
