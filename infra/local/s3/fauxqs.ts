import type { IncomingMessage } from 'node:http'
import type { ListOptions } from './listing.ts'

/*
 * What fauxqs is made of, as far as it is used here: its store of S3, and the app (Fastify) in front of it. Its package exports no
 * type that resolves.
 */

export type S3Store = {
  buckets: Map<string, Map<string, StoredObject>>
  multipartUploads: Map<string, { uploadId: string; bucket: string; key: string; initiated: Date }>
  hasBucket: (bucket: string) => boolean
  putObject: (
    bucket: string,
    key: string,
    body: Buffer,
    contentType: string,
    metadata: Record<string, string>,
    system: { contentDisposition?: string; cacheControl?: string; contentEncoding?: string },
  ) => StoredObject
  listObjects: (
    bucket: string,
    options?: ListOptions,
  ) => { objects: StoredObject[]; commonPrefixes: string[]; isTruncated: boolean }
  deleteObject: (bucket: string, key: string) => void
  abortMultipartUpload: (uploadId: string) => void
}

export type StoredObject = { key: string; etag: string; contentLength: number; lastModified: Date }

export type AppRequest = {
  method: string
  /** `originalUrl` is there where the URL of `raw` was rewritten (a bucket in the host's name). */
  raw: IncomingMessage & { originalUrl?: string }
  params: { bucket?: string; '*'?: string }
  routeOptions: { url?: string }
  body: unknown
}

export type AppReply = {
  statusCode: number
  code: (status: number) => AppReply
  type: (contentType: string) => AppReply
  header: (name: string, value: string) => AppReply
  headers: (headers: Record<string, string>) => AppReply
  removeHeader: (name: string) => AppReply
  send: (payload?: string) => AppReply
}

/** At once and not by a promise: the handlers of fauxqs send without waiting, and a hook that waits sends their answer twice. */
type SendHook = (
  request: AppRequest,
  reply: AppReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
) => void
type Hook = (request: AppRequest, reply: AppReply) => Promise<unknown>

export type App = {
  addHook: ((name: 'onRequest' | 'preHandler' | 'onResponse', hook: Hook) => void) &
    ((name: 'onSend', hook: SendHook) => void) &
    ((name: 'preClose', hook: () => Promise<unknown>) => void)
  removeAllContentTypeParsers: () => void
  addContentTypeParser: (type: '*', parse: (request: AppRequest, raw: IncomingMessage) => Promise<unknown>) => void
  setNotFoundHandler: (handler: () => void) => void
  setErrorHandler: (handler: (error: unknown, request: AppRequest, reply: AppReply) => void) => void
  listen: (at: { port: number; host: string }) => Promise<string>
  close: () => Promise<void>
}
