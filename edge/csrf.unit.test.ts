import { describe, expect, it } from 'vitest'
import { refuseCrossSite } from './csrf.ts'

describe('refuseCrossSite', () => {
  const check =
    (headers: Record<string, string>, method = 'POST') =>
    () =>
      refuseCrossSite({
        request: new Request('https://site.test/', { method, headers }),
        siteOrigin: 'https://site.test',
      })

  it('takes our own pages, typed addresses and programs', () => {
    expect(check({ 'sec-fetch-site': 'same-origin', origin: 'https://site.test' })).not.toThrow()
    expect(check({ 'sec-fetch-site': 'none' })).not.toThrow()
    expect(check({})).not.toThrow()
    expect(check({ 'sec-fetch-site': 'cross-site' }, 'GET')).not.toThrow()
  })

  it('refuses every other origin, near or far', () => {
    for (const origin of ['https://site.test.evil.example', 'http://site.test', 'https://site.test:8443', 'null']) {
      expect(check({ origin })).toThrow('another site')
    }
    expect(check({ 'sec-fetch-site': 'same-site' })).toThrow('another site')
  })
})
