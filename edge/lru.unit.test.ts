import { expect, it } from 'vitest'
import { createLru } from './lru.ts'

it('createLru keeps what was used last, within its size, and nothing larger than that', () => {
  const lru = createLru<string>({ capacity: 6, sizeOf: ({ length }) => length })
  lru.set('a', 'xx')
  lru.set('b', 'xx')
  lru.set('c', 'xx')
  lru.get('a')
  lru.set('d', 'x')
  expect(['a', 'b', 'c', 'd'].map(lru.get)).toEqual(['xx', undefined, 'xx', 'x'])
  lru.set('d', 'xx')
  lru.set('c', 'x')
  lru.delete('a')
  lru.delete('a')
  lru.set('e', 'xxx')
  expect(['c', 'd', 'e'].map(lru.get)).toEqual(['x', 'xx', 'xxx'])
  lru.set('f', 'xxxxxxx')
  expect(['c', 'd', 'e', 'f'].map(lru.get)).toEqual(['x', 'xx', 'xxx', undefined])
})
