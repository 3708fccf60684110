import { describe, expect, it } from 'vitest'
import { moved, redirect, safeNext, withNotice } from './navigation.ts'

describe('safeNext', () => {
  it.each(['/', '/me/posts?status=draft#x', '/p/na_1/gr%C3%BC%C3%9F', '/c/bikes?min=1&q=%2F%2Fa'])('keeps %s', next => {
    expect(safeNext(next)).toBe(next)
  })

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/a/../..//evil.example',
    '/%2e//evil.example',
    ' //evil.example',
    '',
    '@evil.example',
    '/\u0000/evil.example',
  ])('sends %j home', next => {
    expect(safeNext(next)).toBe('/')
  })
})

describe('redirect', () => {
  it('writes any script as ASCII and adds what has happened', () => {
    expect(redirect('/p/na_1/日本').headers.get('location')).toBe('/p/na_1/%E6%97%A5%E6%9C%AC')
    expect(withNotice('/me/posts?status=draft', 'sold')).toBe('/me/posts?status=draft&done=sold')
    const exchange = { url: new URL('http://x/p/1/old?from=a%20b') } as Parameters<typeof moved>[1]
    expect(moved('/p/1/ü', exchange).headers.get('location')).toBe('/p/1/%C3%BC?from=a%20b')
  })
})
