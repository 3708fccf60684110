import { describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import { responseClassOf, securityHeaders, securityHeadersOf } from './security-headers.ts'

describe('securityHeaders', () => {
  it('allow no inline script or style, and name one Trusted Types policy', () => {
    const { page } = securityHeaders
    expect(page['content-security-policy']).not.toMatch(/unsafe|\*|data:|http/)
    expect(page['content-security-policy']).toContain("require-trusted-types-for 'script'; trusted-types classifyhub")
  })

  it('let the page of photos send to the bucket of its post, and move nothing else', () => {
    const bucket = (url: string) => ({ url, awsRegion: 'x' })
    const na = bucket('https://photos.s3.us-east-1.amazonaws.com')
    const buckets = { na, eu: bucket('http://127.0.0.1:9000/photos-eu'), ap: null }
    const policyOf = (path: string) => securityHeadersOf(path, { buckets })['content-security-policy']
    expect(policyOf(`/posts/${createId('na')}/photos`)).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; " +
        "connect-src 'self' https://photos.s3.us-east-1.amazonaws.com; worker-src 'self'; manifest-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
        'trusted-types classifyhub',
    )
    expect(policyOf(`/posts/${createId('eu')}/photos`)).toContain("connect-src 'self' http://127.0.0.1:9000; worker")
    const id = createId('na')
    const others = [
      '/',
      `/posts/${createId('ap')}/photos`,
      '/posts/na_1/photos',
      `/posts/${id}/edit`,
      `/posts/${id}/photos/x`,
    ]
    for (const path of others) expect(securityHeadersOf(path, { buckets }), path).toEqual(securityHeaders.page)
    expect(securityHeadersOf(`/media/${id}/640.webp`, { buckets })).toEqual(securityHeaders.media)
  })

  it('sort paths into classes', () => {
    expect(['/', '/p/x', '/apiary', '/assets'].map(responseClassOf)).toEqual(['page', 'page', 'page', 'page'])
    expect(['/api', '/api/v1/x', '/healthz'].map(responseClassOf)).toEqual(['api', 'api', 'api'])
    expect(['/media/x/640.webp', '/media', '/mediator'].map(responseClassOf)).toEqual(['media', 'page', 'page'])
    expect(responseClassOf('/assets/x.js')).toBe('asset')
  })
})
