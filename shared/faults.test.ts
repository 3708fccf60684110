import { expect, test } from 'vitest'
import * as z from 'zod'
import { api } from './api.ts'
import { attributesSchema } from './category.ts'
import { AppError } from './errors.ts'
import { PostInput } from './post.ts'

test('a refused value is told in plain words', () => {
  const say = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message
  const cases: [z.ZodType, unknown, string][] = [
    [z.number(), '5', 'must be a number'],
    [z.coerce.number(), 'abc', 'must be a number'],
    [z.number(), undefined, 'is needed'],
    [z.number().int(), 1.5, 'must be a whole number'],
    [z.number().min(0), -1, 'must be at least 0'],
    [z.number().positive(), 0, 'must be more than 0'],
    [z.number().max(9), 10, 'must be at most 9'],
    [z.string(), 5, 'must be text'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(3), 'a', 'must have at least 3 characters'],
    [z.string().max(1), 'ab', 'must have at most 1 character'],
    [z.string().regex(/^a$/), 'b', 'must be written in another way'],
    [z.boolean(), 'yes', 'must be true or false'],
    [z.array(z.string()).max(2), ['a', 'b', 'c'], 'must have at most 2 entries'],
    [z.object({}), [], 'must be an object'],
    [z.enum(['a', 'b']), 'c', 'must be one of a, b'],
    [z.enum(['a', 'b']), undefined, 'is needed'],
    [z.literal('a'), 'c', 'must be "a"'],
    [z.union([z.literal(''), z.url()]), 'x', 'must be an address such as "https://example.com"'],
    [z.union([z.literal(''), z.url()]), 5, 'must be empty or text'],
    [z.union([z.string(), z.number(), z.boolean()]), null, 'must be text, a number or true or false'],
    [z.strictObject({}), { a: 1 }, 'must not have "a"'],
    [z.iso.datetime(), 'today', 'must be a time such as "2027-02-21T09:30:00Z"'],
  ]
  for (const [schema, value, words] of cases) expect(say(schema, value)).toBe(words)
})

test('nothing that the contract refuses speaks of the validator', () => {
  const junk = [undefined, null, '', 'x', '\u0000', -1, 1.5, 1e20, Number.NaN, true, [], {}, [1], { a: { b: 1 } }]
  const schemas = Object.values(api).flatMap(route => [
    ...('body' in route ? [route.body] : []),
    ...('query' in route ? [route.query] : []),
  ]) as z.ZodType[]
  const keys = schemas.flatMap(schema => Object.keys((schema as unknown as z.ZodObject).shape ?? {}))
  for (const schema of [...schemas, attributesSchema('cars'), attributesSchema('rooms')]) {
    for (const value of junk) {
      const whole = Object.fromEntries(keys.map(key => [key, value]))
      for (const input of [value, whole, { price: value, location: value }]) {
        const errors = schema.safeParse(input).error
        for (const { message } of errors ? (AppError.fromZod(errors).errors ?? []) : []) {
          expect(message).toMatch(/^(must|is|has|may|lies|needs|belongs)\b/)
          expect(message).not.toMatch(/expected|received|Invalid|Too (small|big)|NaN|undefined/)
        }
      }
    }
  }
})

test('one fault is named once, however many rules it breaks', () => {
  const errorsOf = (query: Record<string, string>) => {
    const { error } = api.listPosts.query.safeParse(query)
    return error ? AppError.fromZod(error).errors : []
  }
  expect(errorsOf({ near: 'zz' })).toEqual([{ field: 'near', message: 'must be "lat,lon" in degrees' }])
  expect(errorsOf({ country: 'us' })).toHaveLength(1)
  const { error } = PostInput.safeParse({ title: 'Bike', location: { country: 'us' } })
  const fields = error ? AppError.fromZod(error).errors?.map(({ field }) => field) : []
  expect(fields?.filter(field => field === 'location.country')).toHaveLength(1)
})
