import { request as send } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ownImageOf, ownOf } from '../frontend/fixtures.ts'
import { createId } from '../shared/ids.ts'
import { maxUploadBytes } from '../shared/media.ts'
import { paths } from '../shared/paths.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { type Ask, formOf } from './testing/http.ts'
import { problem } from './testing/stub-origin.ts'

const id = createId('eu')
const images = [1, 2, 3].map(n => ownImageOf(n, { id: createId('eu') }))
const [first, second, third] = images.map(image => image.id) as [string, string, string]
const boundary = 'boundary-of-the-tests'
const multipart = `multipart/form-data; boundary=${boundary}`

describe.each(runtimes)('the forms of photos in %s', runtime => {
  let edge: TestEdge
  let cookie: string
  beforeAll(async () => {
    edge = await startEdge(runtime)
    cookie = `from=DE; session=${await edge.signers.eu.token()}`
  })
  afterAll(() => edge.stop())
  beforeEach(() => {
    edge.reset()
    edge.origins.eu.on(({ method, path }) => {
      if (method === 'GET' && path === `/api/v1/posts/${id}`) return { body: ownOf(0, 'draft', { id }) }
      return method === 'GET' && path === `/api/v1/posts/${id}/images` ? { body: { items: images } } : undefined
    })
  })

  const ours = () => ({ origin: edge.site, 'sec-fetch-site': 'same-origin', cookie })
  const upload = (body: Uint8Array, headers: Ask['headers'] = {}, path = paths.photos(id)) =>
    edge.ask(path, { method: 'POST', body, headers: { 'content-type': multipart, ...ours(), ...headers } })
  const submit = (values: Record<string, string>) => edge.ask(paths.photos(id), formOf(edge.site, values, { cookie }))
  const writes = () => edge.origins.eu.recorded.filter(({ method }) => method !== 'GET')

  it('send a photo on as it comes, signed as a stream', async () => {
    const body = formWith(photo(2_000_000), 'A red bicycle')
    const reply = await upload(body)
    expect([reply.status, reply.headers.location]).toEqual([303, `${paths.photos(id)}?done=photo-added`])
    const [sent] = writes()
    expect(sent).toMatchObject({ method: 'POST', path: `/api/v1/posts/${id}/images/file`, verdict: 'ok' })
    expect(sent?.headers).toMatchObject({ 'content-type': multipart, 'edge-timeout': '30000' })
    expect(sent?.headers['edge-signature']).toContain(';d=streamed;')
    expect(sent?.headers.authorization).toMatch(/^Bearer /)
    expect(sent?.bytes.equals(body)).toBe(true)
  })

  it('do not hold it: the origin has the beginning while the end is not there yet', async () => {
    const body = formWith(photo(200_000), '')
    const { hostname, port } = new URL(edge.site)
    const headers = { 'content-type': multipart, 'content-length': body.byteLength, ...ours() }
    const status = new Promise<number | undefined>((resolve, reject) => {
      const outgoing = send({ hostname, port, path: paths.photos(id), method: 'POST', headers, agent: false })
      outgoing.on('response', incoming => resolve(incoming.resume().statusCode)).on('error', reject)
      outgoing.write(body.subarray(0, 150_000))
      expect
        .poll(() => edge.origins.eu.progress.bytes, { timeout: 10_000 })
        .toBeGreaterThan(50_000)
        .then(() => outgoing.end(body.subarray(150_000)), reject)
    })
    expect(await status).toBe(303)
    expect(writes()[0]?.bytes.equals(body)).toBe(true)
  })

  it('cut off what says that it is too large, in words and with what was written, and ask no origin', async () => {
    const body = formWith(photo(maxUploadBytes + 20_000), 'A “red” bicycle')
    const reply = await upload(body)
    expect([reply.status, reply.headers['cache-control']]).toEqual([413, 'no-store'])
    expect(reply.text).toContain('A photo may have 15 MB at most')
    expect(reply.text).toContain('A “red” bicycle')
    expect(writes()).toEqual([])
    expect(edge.origins.eu.progress.bytes).toBe(0)
  })

  it('cut off what turns out to be too large, and break off at the origin', async () => {
    const body = formWith(photo(maxUploadBytes + 2_000_000), 'Bicycle')
    const reply = await upload(body, { 'transfer-encoding': 'chunked' })
    expect(reply.status).toBe(413)
    expect(reply.text).toContain('A photo may have 15 MB at most')
    await expect.poll(() => edge.origins.eu.progress.brokenOff).toBe(1)
    expect(writes()).toEqual([])
  })

  it('pass on what an origin says before it has read all', async () => {
    const detail = 'This is a HEIC photo, which browsers cannot show.'
    edge.origins.eu.answerEarly(problem(415, 'unsupported_image', { detail }))
    const reply = await upload(formWith(photo(9_000_000), 'Bicycle'))
    expect(reply.status).toBe(415)
    expect(reply.text).toContain(detail)
    expect(reply.text).toContain('value="Bicycle"')
  })

  it('show the page again with the words of each refusal', async () => {
    for (const [status, code, words] of [
      [409, 'too_many_images', 'as many photos as it can hold'],
      [409, 'upload_incomplete', 'The file has not arrived'],
      [429, 'rate_limited', 'Too many requests'],
    ] as const) {
      edge.origins.eu.on(({ method }) => (method === 'POST' ? problem(status, code) : undefined))
      const reply = await upload(formWith(photo(10), 'Bicycle'))
      expect([reply.status, reply.text.includes(words), reply.text.includes('value="Bicycle"')]).toEqual([
        status,
        true,
        true,
      ])
    }
    edge.origins.eu.on(({ method }) => (method === 'POST' ? 'drop' : undefined))
    const down = await upload(formWith(photo(10), ''))
    expect([down.status, down.text.includes('does not answer right now')]).toEqual([503, true])
    const empty = await upload(new Uint8Array())
    expect([empty.status, empty.text.includes('The photo must be chosen')]).toEqual([422, true])
  })

  it('are nobody’s without a session, of another site, or for no post', async () => {
    const out = await upload(formWith(photo(100), ''), { cookie: '' })
    expect([out.status, out.headers.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(paths.photos(id))}`])
    edge.origins.eu.on(({ method }) => (method === 'POST' ? problem(401, 'session_ended') : undefined))
    const ended = await upload(formWith(photo(100), ''))
    expect([ended.status, ended.headers.location]).toEqual([303, out.headers.location])
    expect(ended.cookies.filter(text => text.includes('Max-Age=0'))).toHaveLength(2)
    edge.origins.eu.recorded.length = 0
    for (const type of [multipart, 'application/x-www-form-urlencoded']) {
      const hostile = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'content-type': type }
      expect((await upload(formWith(photo(100), ''), hostile)).status).toBe(403)
    }
    expect((await upload(formWith(photo(100), ''), {}, '/posts/nonsense/photos')).status).toBe(404)
    expect((await upload(formWith(photo(100), ''), { 'content-type': 'text/plain' })).status).toBe(415)
    expect(edge.origins.eu.recorded).toEqual([])
  })

  it('serve programs by the API, with a token or with cookies of our own pages', async () => {
    const target = `/api/v1/posts/${id}/images/file`
    edge.origins.eu.on(({ path }) => (path === target ? { status: 201, body: images[0] } : undefined))
    const body = formWith(photo(3_000_000), 'Bicycle')
    const authorization = `Bearer ${await edge.signers.eu.token()}`
    const sent = await upload(body, { cookie: '', authorization }, target)
    expect([sent.status, sent.json()]).toEqual([201, images[0]])
    expect(writes()[0]).toMatchObject({ verdict: 'ok', headers: { authorization } })
    expect(writes()[0]?.bytes.equals(body)).toBe(true)
    expect((await upload(body, {}, target)).status).toBe(201)
    expect((await upload(body, { origin: 'https://evil.example' }, target)).status).toBe(403)
    const json = await upload(body, { 'content-type': 'application/json' }, target)
    expect([json.status, json.json()]).toMatchObject([415, { code: 'unsupported_media_type' }])
    const large = await upload(formWith(photo(maxUploadBytes + 20_000), ''), {}, target)
    expect([large.status, large.json()]).toMatchObject([
      413,
      { code: 'body_too_large', detail: expect.stringContaining('15 MB') },
    ])
    const other = await upload(body, {}, `/api/v1/posts/${id}/publication`)
    expect(other.status).toBe(405)
    expect(writes()).toHaveLength(2)
  })

  it('move, describe and delete photos, and say so', async () => {
    const order = () => writes().at(-1)?.body
    const at = (done: string) => [303, `${paths.photos(id)}?done=${done}`]
    const moves: [string, string, string[]][] = [
      [second, 'up', [second, first, third]],
      [second, 'down', [first, third, second]],
      [third, 'cover', [third, first, second]],
      [first, 'up', [first, second, third]],
      [third, 'down', [first, second, third]],
    ]
    for (const [image, intent, ids] of moves) {
      const moved = await submit({ image, intent })
      expect([moved.status, moved.headers.location]).toEqual(at('photo-moved'))
      expect(writes().at(-1)).toMatchObject({ method: 'PUT', path: `/api/v1/posts/${id}/images/order`, verdict: 'ok' })
      expect(order()).toBe(JSON.stringify({ ids }))
    }
    const saved = await submit({ image: second, intent: 'alt', alt: 'A bell' })
    expect([saved.status, saved.headers.location]).toEqual(at('photo-saved'))
    expect(writes().at(-1)).toMatchObject({
      method: 'PATCH',
      path: `/api/v1/images/${second}`,
      body: '{"alt":"A bell"}',
    })
    const deleted = await submit({ image: second, intent: 'delete' })
    expect([deleted.status, deleted.headers.location]).toEqual(at('photo-deleted'))
    expect(writes().at(-1)).toMatchObject({ method: 'DELETE', path: `/api/v1/images/${second}` })
  })

  it('keep the page and what was typed when a change is refused', async () => {
    edge.origins.eu.on(({ method }) => {
      const errors = [{ field: 'alt', message: 'must have at most 250 characters' }]
      if (method === 'PATCH') return problem(422, 'invalid_input', { errors })
      return method === 'PUT' ? problem(409, 'conflict') : undefined
    })
    const long = await submit({ image: second, intent: 'alt', alt: 'so many words' })
    expect([long.status, long.text.includes('so many words')]).toEqual([422, true])
    expect(long.text).toContain('at most 250 characters')
    const lost = await submit({ image: second, intent: 'up' })
    expect([lost.status, lost.text.includes('Somebody else changed it at the same time')]).toEqual([409, true])
    const gone = await submit({ image: createId('eu'), intent: 'cover' })
    expect([gone.status, gone.text.includes('There is no such photo')]).toEqual([404, true])
    expect((await submit({ image: second, intent: 'explode' })).status).toBe(400)
    const out = await edge.ask(paths.photos(id), formOf(edge.site, { image: first, intent: 'alt', alt: 'my words' }))
    expect([out.status, out.text.includes('my words')]).toEqual([401, true])
  })
})

/** The form that the page of photos sends. */
function formWith(file: Uint8Array, alt: string): Buffer {
  const part = (name: string, more = '') =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`
  const head = `${part('alt')}${alt}\r\n${part('file', '; filename="a.jpg"\r\ncontent-type: image/jpeg')}`
  return Buffer.concat([Buffer.from(head), file, Buffer.from(`\r\n--${boundary}--\r\n`)])
}

function photo(size: number): Buffer {
  return Buffer.alloc(size, 'photo bytes ')
}
