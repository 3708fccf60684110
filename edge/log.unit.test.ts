import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLog } from './log.ts'

describe('createLog', () => {
  afterEach(() => void vi.restoreAllMocks())

  it('cuts secrets and query strings out of one line of JSON', () => {
    const lines: string[] = []
    vi.spyOn(console, 'log').mockImplementation(line => void lines.push(line))
    const log = createLog('info')
    log.info('a', {
      token: 'abc',
      refreshToken: 'abc',
      email: 'a@b.c',
      path: '/verify?token=secret x',
      error: 'GET /?a=b',
    })
    createLog('error').info('unsaid')
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toMatch(/abc|a@b\.c|secret|a=b/)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', message: 'a', path: '/verify?… x' })
  })
})
