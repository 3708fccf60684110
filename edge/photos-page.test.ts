import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ownImageOf, ownOf } from '../frontend/fixtures.ts'
import { createId } from '../shared/ids.ts'
import { paths } from '../shared/paths.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { problem } from './testing/stub-origin.ts'

const id = createId('eu')
const own = ownOf(0, 'draft', { id })
const images = { items: [ownImageOf(1), ownImageOf(2, { state: 'failed', problem: 'too_large', image: null })] }

describe.each(runtimes)('the pages of a draft’s photos in %s', runtime => {
  let edge: TestEdge
  let headers: Record<string, string>
  beforeAll(async () => {
    edge = await startEdge(runtime)
    headers = { cookie: `from=DE; session=${await edge.signers.eu.token()}` }
  })
  afterAll(() => edge.stop())
  beforeEach(() => {
    edge.reset()
    edge.origins.eu.on(({ path }) => {
      if (path === `/api/v1/posts/${id}`) return { body: own }
      return path === `/api/v1/posts/${id}/images` ? { body: images } : undefined
    })
  })

  it('show every photo with its state, and forms that need no script', async () => {
    const { status, text } = await edge.ask(`${paths.photos(id)}?done=photo-added`, { headers })
    expect(status).toBe(200)
    expect(text).toContain('Your photo has arrived')
    expect(text).toContain('The file is larger than 15 MB')
    expect(text).toMatch(new RegExp(`<form method="post" action="${paths.photos(id)}" enctype="multipart/form-data"`))
    expect(text.match(/name="intent" value="delete"/g)).toHaveLength(2)
    const asked = edge.origins.eu.recorded.find(({ path }) => path.endsWith('/images'))
    expect([asked?.verdict, asked?.headers.authorization?.slice(0, 7)]).toEqual(['ok', 'Bearer '])
  })

  it('show the draft as others will see it', async () => {
    const { status, text } = await edge.ask(paths.preview(id), { headers })
    expect([status, text.includes('This is how it will look')]).toEqual([200, true])
    expect(text).toContain(`action="/posts/${id}/publish"`)
  })

  it.each([paths.photos, paths.preview])('are their seller’s alone: %s', async pathOf => {
    const out = await edge.ask(pathOf(id))
    expect(out.headers.location).toBe(`/sign-in?next=${encodeURIComponent(pathOf(id))}`)
    expect((await edge.ask(pathOf('nonsense'), { headers })).status).toBe(404)
    const { ownStatus: _, ...post } = own
    edge.origins.eu.on(({ path }) => (path === `/api/v1/posts/${id}` ? { body: post } : undefined))
    expect((await edge.ask(pathOf(id), { headers })).status).toBe(403)
    edge.origins.eu.on(() => problem(401, 'session_ended'))
    const ended = await edge.ask(pathOf(id), { headers })
    expect(ended.headers.location).toMatch(/^\/sign-in/)
  })
})
