import { describe, expect, it } from 'vitest'
import { createFileAssets } from './file-assets.ts'

describe('createFileAssets', () => {
  const read: string[] = []
  const serve = createFileAssets(async path => {
    read.push(path)
    if (path !== '/assets/a.js') throw new Error('none')
    return new TextEncoder().encode('1')
  })
  const get = (path: string, headers = {}) => serve(new Request(`http://x${path}`, { headers }))

  it('serves, revalidates and misses', async () => {
    const found = await get('/assets/a.js')
    expect([found.status, found.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
    const etag = found.headers.get('etag') ?? ''
    expect((await get('/assets/a.js', { 'if-none-match': etag })).status).toBe(304)
    expect((await get('/assets/b.js')).status).toBe(404)
  })

  it('reads nothing outside, hidden, or of a kind that it does not know', async () => {
    read.length = 0
    for (const path of ['/..%2f..%2fpackage.json', '/.env.json', '/a/.git.txt', '/a.ts', '/a//b.js']) {
      expect([path, (await get(path)).status]).toEqual([path, 404])
    }
    expect(read).toEqual([])
  })
})
