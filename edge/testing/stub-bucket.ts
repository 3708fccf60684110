import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Region } from '../../shared/regions.ts'

export const mediaKey = { accessKeyId: 'reader-of-the-tests', secretAccessKey: 'secret of the tests' }
const awsRegion = 'eu-west-9'

type Trouble = 'drop' | 'hang' | 'stall' | 'denied' | number

/** A store of bytes that reads signatures as S3 does (SigV4 in the header), records what it is asked, and fails as a test says. */
export async function startStubBucket() {
  const objects = new Map<string, Uint8Array>()
  const asked: string[] = []
  let trouble: Trouble | undefined
  let times = 0
  let delay = 0
  const server = createServer(async (incoming, outgoing) => {
    const path = incoming.url ?? '/'
    asked.push(path)
    if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay))
    if (trouble !== undefined && times-- > 0) {
      if (trouble === 'drop') return incoming.socket.destroy()
      if (trouble === 'hang') return
      if (trouble === 'stall') return outgoing.writeHead(200, { 'content-length': 100 }).write('begun')
      if (trouble === 'denied') return outgoing.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>')
      return outgoing.writeHead(trouble).end('<Error/>')
    }
    if (!isSigned(incoming)) return outgoing.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
    const object = objects.get(decodeURIComponent(path))
    if (!object) return outgoing.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>')
    // What a bucket says of a type or of caching is not what the site says.
    outgoing.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'bucket=1', 'x-amz-request-id': '1' })
    outgoing.end(object)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    /** The value of MEDIA_BUCKETS for these regions. */
    setting: (regions: readonly Region[]) =>
      JSON.stringify(Object.fromEntries(regions.map(region => [region, { url: `${url}/${region}`, awsRegion }]))),
    put: (region: Region, key: string, bytes: Uint8Array) => objects.set(`/${region}/${key}`, bytes),
    /** The paths that were asked for, in order. */
    asked,
    /** Fails the next so many requests: `stall` sends half an answer, `denied` is what S3 says of what is not there, a number is a status. */
    fail: (how: Trouble, count = Number.POSITIVE_INFINITY) => {
      trouble = how
      times = count
    },
    /** Answers this late from now on, in milliseconds. */
    slow: (milliseconds: number) => {
      delay = milliseconds
    },
    reset: () => {
      objects.clear()
      asked.length = 0
      trouble = undefined
      delay = 0
    },
    stop: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
export type StubBucket = Awaited<ReturnType<typeof startStubBucket>>

/** Signature Version 4 by its specification, written anew so that it does not agree with a fault of the signer's. */
function isSigned({ method, url = '/', headers }: IncomingMessage): boolean {
  const [, credential, signed = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  const time = String(headers['x-amz-date'])
  const date = time.slice(0, 8)
  const scope = `${date}/${awsRegion}/s3/aws4_request`
  if (credential !== `${mediaKey.accessKeyId}/${scope}` || !/(^|;)host(;|$)/.test(signed)) return false
  const named = signed.split(';').map(name => `${name}:${String(headers[name]).trim()}\n`)
  const payload = String(headers['x-amz-content-sha256'])
  const canonical = [method, url, '', named.join(''), signed, payload].join('\n')
  const text = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
  const key = [date, awsRegion, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${mediaKey.secretAccessKey}`)
  return hmac(key, text).toString('hex') === signature
}
