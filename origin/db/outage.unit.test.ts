import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { asError, isDatabaseOutage } from './outage.ts'

const withCode = (code: string) => Object.assign(new Error('said by the server'), { code })

describe('isDatabaseOutage', () => {
  it.each([
    ...['08000', '08006', '53300', '57014', '57P01', '57P02', '57P03', '25P03'],
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND'],
  ])('is %s', code => {
    expect(isDatabaseOutage(withCode(code))).toBe(true)
  })

  it.each([
    'timeout exceeded when trying to connect',
    'timeout expired',
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'Query read timeout',
  ])('is "%s"', message => {
    expect(isDatabaseOutage(new Error(message))).toBe(true)
  })

  it('looks at causes, at each of several, and at what a WebSocket rejects with', () => {
    expect(isDatabaseOutage(new Error('outer', { cause: withCode('57P01') }))).toBe(true)
    expect(isDatabaseOutage(new AggregateError([withCode('ECONNREFUSED')]))).toBe(true)
    expect(isDatabaseOutage(asError({ type: 'error' }))).toBe(true)
  })

  it.each(['23505', '42601', '42P01', '40001', '22021', '28P01', 'ERR_INVALID_ARG_TYPE'])('is not %s', code => {
    expect(isDatabaseOutage(withCode(code))).toBe(false)
  })

  it('is no fault of ours and nothing that is no error', () => {
    for (const other of [new TypeError('x is undefined'), new AppError('conflict'), 'ECONNREFUSED', undefined, null]) {
      expect(isDatabaseOutage(other)).toBe(false)
    }
  })
})
