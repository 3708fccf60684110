import { describe, expect, it } from 'vitest'
import { ownStatuses } from '../../shared/post.ts'
import { type Outcome, statesFor, transitions, type Verb, verbs } from './transitions.ts'

/** The rules as the words of the specification have them, verb by verb; what is not named is illegal. */
const expected: Readonly<Record<Verb, Partial<Record<(typeof ownStatuses)[number], Outcome>>>> = {
  publish: { draft: 'active', withdrawn: 'active', active: 'already', reserved: 'already' },
  withdraw: { active: 'withdrawn', reserved: 'withdrawn', expired: 'withdrawn', withdrawn: 'already' },
  reserve: { active: 'reserved', reserved: 'already' },
  unreserve: { reserved: 'active', active: 'already' },
  sell: { active: 'sold', reserved: 'sold', expired: 'sold', sold: 'already' },
  renew: { active: 'keep', reserved: 'keep', expired: 'keep' },
  remove: {
    active: 'removed',
    reserved: 'removed',
    sold: 'removed',
    withdrawn: 'removed',
    expired: 'removed',
    removed: 'already',
  },
  restore: {
    removed: 'before',
    active: 'already',
    reserved: 'already',
    sold: 'already',
    withdrawn: 'already',
    expired: 'already',
  },
  edit: { draft: 'keep', active: 'keep', reserved: 'keep', withdrawn: 'keep' },
  delete: {
    draft: 'gone',
    active: 'gone',
    reserved: 'gone',
    sold: 'gone',
    withdrawn: 'gone',
    removed: 'gone',
    expired: 'gone',
  },
}

const cells = ownStatuses.flatMap(state => verbs.map(verb => [state, verb] as const))

describe('transitions', () => {
  it.each(cells)('of %s by %s is what the specification says', (state, verb) => {
    expect(transitions[state][verb]).toBe(expected[verb][state] ?? 'illegal')
  })

  it('has no state from which nothing can be done', () => {
    for (const state of ownStatuses) expect(Object.values(transitions[state])).toContain('gone')
  })
})

describe('statesFor', () => {
  it('names the states in which a verb changes something', () => {
    expect(statesFor('publish')).toEqual(['draft', 'withdrawn'])
    expect(statesFor('renew')).toEqual(['active', 'reserved', 'expired'])
    expect(statesFor('restore')).toEqual(['removed'])
  })
})
