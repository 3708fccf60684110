import { describe, expect, it } from 'vitest'
import { api, apiPrefix } from '../shared/api.ts'
import { createApp } from './app.ts'
import { openApiDocument } from './openapi.ts'

type Operation = { operationId: string; parameters: { name: string; in: string; required: boolean }[] } & Record<
  string,
  unknown
>
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, unknown> } }

const document = openApiDocument('https://site.test') as unknown as Document
const key = 'k'.repeat(32)
const app = createApp({
  env: {
    SITE_URL: 'https://site.test',
    ORIGIN_NA: 'https://na.test',
    EDGE_KEY: key,
    LIMIT_KEY: key,
    DIRECTORY_KEY: key,
    SHARED_REDIS_URL: 'https://redis.test',
    SHARED_REDIS_TOKEN: 't',
    MEDIA_BUCKETS: '{"na":{"url":"https://photos.test","awsRegion":"us-east-1"}}',
    MEDIA_ACCESS_KEY_ID: 'id',
    MEDIA_SECRET_ACCESS_KEY: 'secret',
  },
  assets: { css: '', js: '', font: '', icons: '' },
  fetchAsset: async () => new Response(null, { status: 404 }),
  cache: null,
  fetchOrigin: async () => Promise.reject(new Error('no origin')),
})

describe('the OpenAPI document', () => {
  it('has an operation for each route that the app answers, and no other', () => {
    const routed = app.routes
      .filter(({ path, method }) => path.startsWith(apiPrefix) && method !== 'ALL')
      .map(({ path, method }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    const written = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map(method => `${method.toUpperCase()} ${path}`),
    )
    expect(written.sort()).toEqual(routed.sort())
    expect(written).toHaveLength(Object.keys(api).length)
  })

  it('names path, query and header parameters, who may call, and how errors look', () => {
    const { editPost, createPost, listPosts, readPost } = operations()
    expect(editPost?.parameters).toEqual([
      expect.objectContaining({ name: 'id', in: 'path', required: true }),
      expect.objectContaining({ name: 'If-Match', in: 'header', required: true }),
    ])
    expect(createPost?.parameters).toEqual([
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: false }),
    ])
    expect(createPost?.security).toEqual([{ bearer: [] }])
    expect(readPost?.security).toEqual([{}, { bearer: [] }])
    expect(listPosts?.security).toBeUndefined()
    expect(listPosts?.parameters.map(({ name }) => name)).toContain('maxPrice')
    expect(listPosts?.parameters.some(({ required }) => required)).toBe(false)
    expect(operations().searchPosts?.description).toContain('scope=world')
    for (const operation of Object.values(operations())) {
      expect(operation.responses).toMatchObject({ default: { $ref: '#/components/responses/Problem' } })
    }
  })

  it('refers only to what it holds, and leaves no schema unused', () => {
    const text = JSON.stringify(document)
    const named = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name))
    expect([...named].sort()).toEqual(Object.keys(document.components.schemas).sort())
    expect(text).not.toMatch(/\$defs|"\$schema"/)
  })

  it('gives every operation an id of its own and a summary', () => {
    expect(Object.keys(operations())).toHaveLength(Object.keys(api).length)
    for (const operation of Object.values(operations())) expect(operation.summary).toMatch(/^[A-Z]/)
  })
})

function operations(): Record<string, Operation> {
  const all = Object.values(document.paths).flatMap(methods => Object.values(methods))
  return Object.fromEntries(all.map(operation => [operation.operationId, operation]))
}
