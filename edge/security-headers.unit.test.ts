import { describe, expect, it } from 'vitest'
import { responseClassOf, securityHeaders } from './security-headers.ts'

describe('securityHeaders', () => {
  it('allow no inline script or style, and name one Trusted Types policy', () => {
    const { page } = securityHeaders
    expect(page['content-security-policy']).not.toMatch(/unsafe|\*|data:|http/)
    expect(page['content-security-policy']).toContain("require-trusted-types-for 'script'; trusted-types classifyhub")
  })

  it('sort paths into classes', () => {
    expect(['/', '/p/x', '/apiary', '/assets'].map(responseClassOf)).toEqual(['page', 'page', 'page', 'page'])
    expect(['/api', '/api/v1/x', '/healthz'].map(responseClassOf)).toEqual(['api', 'api', 'api'])
    expect(responseClassOf('/assets/x.js')).toBe('asset')
  })
})
