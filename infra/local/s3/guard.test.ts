import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalAws, openAws } from '../aws.ts'
import { AWS_REGIONS, resourceName } from '../aws-resources.ts'
import { waitUntil } from '../processes.ts'
import { loadSecrets } from '../secrets.ts'
import { send, sendRaw } from './contract/forge.ts'
import { type Keys, openLocalTarget, sdkOf, type Target } from './contract/target.ts'
import { accessKeyId, localIdentities } from './credentials.ts'

/* What the guard does beyond what AWS documents of S3, or what only the stand-in can show. */

const megabyte = 1_000_000

describe('the stand-in as the local stack opens it', () => {
  let aws: LocalAws
  let folder: string
  let keysOf: (user: 'edge' | 'na' | 'eu' | 'ap') => Keys
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'guard-'))
    const secrets = loadSecrets(path.join(folder, 'secrets.json'))
    keysOf = user => ({ accessKeyId: accessKeyId(user), secretAccessKey: secrets.awsSecretKeys[user] })
    aws = await openAws(0, { identities: localIdentities(secrets), dataDir: path.join(folder, 'aws') })
  })
  afterAll(async () => {
    await aws.close()
    rmSync(folder, { recursive: true })
  })
  const bucketOf = (region: 'na' | 'eu') =>
    ({ url: `${aws.url}/${resourceName(region)}`, region: AWS_REGIONS[region] }) as Target

  it('tells anybody that it is well, and nothing else', async () => {
    expect((await fetch(`${aws.url}/health`)).status).toBe(200)
    for (const path of [
      '/',
      '/_fauxqs/queues',
      `/_fauxqs/queues/${resourceName('na')}-mail`,
      '/classifyhub-na',
      '/favicon.ico',
    ]) {
      expect((await fetch(aws.url + path)).status, path).toBe(403)
    }
    for (const headers of [{}, { 'content-type': 'application/x-amz-json-1.0' }, { 'content-type': 'text/plain' }]) {
      expect((await fetch(aws.url, { method: 'POST', headers })).status, JSON.stringify(headers)).toBe(403)
    }
  })

  it('opens to each origin its own bucket', async () => {
    const put = { method: 'PUT', key: 'exports/x', body: 'x' }
    expect(await send(bucketOf('na'), { ...put, keys: keysOf('na') })).toMatchObject({ status: 200 })
    expect(await send(bucketOf('eu'), { ...put, keys: keysOf('na') })).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    })
    expect(await send(bucketOf('na'), { key: 'exports/x', keys: keysOf('eu') })).toMatchObject({ status: 403 })
    expect(await send(bucketOf('na'), { key: 'exports/x', keys: keysOf('edge') })).toMatchObject({ status: 403 })
  })

  it('goes by the path, and by the name of the host, of which it may be a part', async () => {
    const host = `${resourceName('eu')}.localhost:${new URL(aws.url).port}`
    const forgery = { key: 'exports/x', keys: keysOf('na'), region: AWS_REGIONS.eu, headers: { host } }
    expect(await send({ ...bucketOf('na'), url: aws.url }, forgery)).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    })
  })

  it('knows queues for origins alone, by a signature of the day', async () => {
    const QueueUrl = `${aws.url}/000000000000/${resourceName('eu')}-mail`
    const sqsOf = (credentials: Keys) =>
      new SQSClient({ endpoint: aws.url, region: AWS_REGIONS.eu, credentials, maxAttempts: 1 })
    // Jobs may be for accounts of another region.
    await sqsOf(keysOf('na')).send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }))
    const { Messages } = await sqsOf(keysOf('eu')).send(new ReceiveMessageCommand({ QueueUrl }))
    expect(Messages?.map(({ Body }) => Body)).toEqual(['hello'])
    const ask = (keys: Keys) => sqsOf(keys).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
    await expect(ask(keysOf('edge'))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    })
    await expect(ask({ ...keysOf('na'), secretAccessKey: 'x' })).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    })
    await expect(ask({ ...keysOf('na'), accessKeyId: 'x' })).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
    const late = new SQSClient({
      endpoint: aws.url,
      region: 'eu-central-1',
      credentials: keysOf('na'),
      maxAttempts: 1,
      systemClockOffset: 3_600_000,
    })
    await expect(late.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toMatchObject({
      name: 'RequestTimeTooSkewed',
    })
    const unsigned = await fetch(aws.url, {
      method: 'POST',
      body: JSON.stringify({ QueueUrl, MessageBody: 'x' }),
      headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0' },
    })
    expect(unsigned.status).toBe(403)
    expect(await unsigned.json()).toMatchObject({ __type: 'com.amazonaws.sqs#AccessDenied' })
  })

  it('holds a signature against the body that came with it', async () => {
    const sqs = new AwsClient({ ...keysOf('na'), service: 'sqs', region: AWS_REGIONS.na })
    const headers = { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-type': 'application/x-amz-json-1.0' }
    const signed = await sqs.sign(aws.url, { method: 'POST', body: '{}', headers })
    expect((await fetch(signed.clone())).status).toBe(200)
    expect((await fetch(aws.url, { method: 'POST', body: '{"MaxResults":1}', headers: signed.headers })).status).toBe(
      403,
    )
  })
})

describe('an unwanted body', () => {
  let target: Target
  beforeAll(async () => {
    target = await openLocalTarget()
  })
  afterAll(() => target.close())

  async function formFields(Key: string, most: number): Promise<Record<string, string>> {
    const Conditions: ['content-length-range', number, number][] = [['content-length-range', 1, most]]
    return (await createPresignedPost(sdkOf(target), { Bucket: target.bucket, Key, Conditions })).fields
  }

  /** A form with the boundary `b`, up to the first byte of its file. */
  function beginOf(fields: Record<string, string> | [string, string][]): string {
    const pairs = Array.isArray(fields) ? fields : Object.entries(fields)
    const part = ([name, value]: [string, string]) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    return `${pairs.map(part).join('')}--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n`
  }

  /** Sends a head, and then as much as it announces, as fast as it is taken. @returns the answer, and how much was taken before it was over */
  async function pour(head: string, begin: string, length: number): Promise<{ answer: string; taken: number }> {
    const { hostname, port } = new URL(target.url)
    const socket = connect({ host: hostname, port: Number(port) })
    let answer = ''
    let over = false
    socket.setEncoding('latin1').on('data', text => {
      answer += text
    })
    socket
      .on('error', () => {})
      .on('close', () => {
        over = true
      })
    await once(socket, 'connect')
    socket.write(`${head}\r\nHost: ${hostname}:${port}\r\nContent-Length: ${length}\r\n\r\n${begin}`)
    const chunk = Buffer.alloc(64 * 1024, 'x')
    let sent = begin.length
    while (!over && sent < length) {
      sent += chunk.length
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {})
    }
    await waitUntil(() => over || answer.includes('</Error>'), 10_000)
    socket.destroy()
    return { answer, taken: socket.bytesWritten }
  }

  it.each([
    ['where its policy ends it', 1, 1_000],
    ['where its policy ends it, though it is not much longer', 1, 1.05],
    ['before it comes, where its length already tells', 300, 1_000],
  ])('of a form is cut off %s, and the sender is told', async (_, most, length) => {
    const fields = await formFields('uploads/big', most * megabyte)
    const head = `POST /${target.bucket}/ HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=b`
    const { answer, taken } = await pour(head, beginOf(fields), length * megabyte)
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*<Code>EntityTooLarge<\/Code>/s)
    expect(taken).toBeLessThan(100 * megabyte)
  })

  it('has each of its fields once, or the policy might judge one and the store take another', async () => {
    const fields = Object.entries(await formFields('uploads/twice', megabyte))
    const body = Buffer.from(`${beginOf([...fields, ['key', 'media/other']])}x\r\n--b--\r\n`)
    const headers = { 'content-type': 'multipart/form-data; boundary=b', 'content-length': String(body.length) }
    const reply = await sendRaw(target, { method: 'POST', path: `/${target.bucket}/`, headers, body })
    expect(reply).toMatchObject({ status: 400, code: 'InvalidArgument' })
  })

  it('that nobody signed for is cut off', async () => {
    const { answer, taken } = await pour(`PUT /${target.bucket}/x HTTP/1.1`, '', 1_000 * megabyte)
    expect(answer).toMatch(/^HTTP\/1\.1 403 .*<Code>AccessDenied<\/Code>/s)
    expect(taken).toBeLessThan(100 * megabyte)
  })

  it('of a request that breaks off leaves nothing behind', async () => {
    const { hostname, port } = new URL(target.url)
    const begin = beginOf(await formFields('uploads/broken', megabyte))
    const socket = connect({ host: hostname, port: Number(port) })
    await once(socket, 'connect')
    const head = `POST /${target.bucket}/ HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: multipart/form-data; boundary=b`
    await new Promise(sent => socket.write(`${head}\r\nContent-Length: 100000\r\n\r\n${begin}begins`, sent))
    socket.destroy()
    await once(socket, 'close')
    expect(await send(target, { method: 'HEAD', key: 'uploads/broken' })).toMatchObject({ status: 404 })
    expect(await sendRaw(target, { path: '/health' })).toMatchObject({ status: 200 })
  })
})
