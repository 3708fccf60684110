import { expect, test } from 'vitest'
import * as z from 'zod'
import { AppError, errorTable, Problem, problemOf, problemResponse } from './errors.ts'

test('problemOf is silent about a 5xx and speaks about a 4xx', () => {
  const detail = 'connection to 10.0.0.1 refused'
  expect(problemOf(new AppError('internal_error', { detail }), 'r')).not.toHaveProperty('detail')
  expect(problemOf(new AppError('conflict', { detail }), 'r')).toMatchObject({ detail, code: 'conflict', status: 409 })
})

test('fromZod names each faulty field by its path', () => {
  const schema = z.strictObject({ price: z.object({ amount: z.number() }), tags: z.array(z.string()) })
  const { error } = schema.safeParse({ price: { amount: 'x' }, tags: ['a', 2], other: 1 })
  const fields = error ? AppError.fromZod(error).errors?.map(each => each.field) : []
  expect(fields?.sort()).toEqual(['other', 'price.amount', 'tags.1'])
})

test('problemResponse is problem+json and is never stored', async () => {
  const response = problemResponse(new AppError('rate_limited', { headers: { 'retry-after': '7' } }), 'r-1')
  expect(response.status).toBe(429)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('retry-after')).toBe('7')
  expect(Problem.parse(await response.json()).requestId).toBe('r-1')
})

test('errorTable holds error statuses only', () => {
  for (const [status] of Object.values(errorTable)) expect(status).toBeGreaterThanOrEqual(400)
})
