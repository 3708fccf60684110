import type { OwnStatus, Status } from '../../shared/post.ts'

/** What can be done to a post. */
export const verbs = [
  'publish',
  'withdraw',
  'reserve',
  'unreserve',
  'sell',
  'renew',
  'remove',
  'restore',
  'edit',
  'delete',
] as const
export type Verb = (typeof verbs)[number]

/**
 * What a verb does to a post in some state: leads to another, finds it already so, works without changing the state,
 * goes back to the state before the removal, deletes it; or it is not allowed.
 */
export type Outcome = Status | 'already' | 'keep' | 'before' | 'gone' | 'illegal'

/** The one table of transitions. `expired` is a row of its own though it is never stored. */
export const transitions: Readonly<Record<OwnStatus, Readonly<Record<Verb, Outcome>>>> = {
  draft: row('active     illegal    illegal   illegal   illegal  illegal  illegal  illegal  keep     gone'),
  active: row('already   withdrawn  reserved  already   sold     keep     removed  already  keep     gone'),
  reserved: row('already withdrawn  already   active    sold     keep     removed  already  keep     gone'),
  sold: row('illegal     illegal    illegal   illegal   already  illegal  removed  already  illegal  gone'),
  withdrawn: row('active already    illegal   illegal   illegal  illegal  removed  already  keep     gone'),
  removed: row('illegal  illegal    illegal   illegal   illegal  illegal  already  before   illegal  gone'),
  expired: row('illegal  withdrawn  illegal   illegal   sold     keep     removed  already  illegal  gone'),
}

/** Gives the states in which a verb changes something, in the order of the table. */
export function statesFor(verb: Verb): OwnStatus[] {
  const idle: readonly Outcome[] = ['illegal', 'already']
  return (Object.keys(transitions) as OwnStatus[]).filter(state => !idle.includes(transitions[state][verb]))
}

/** Reads one row, its outcomes in the order of `verbs`. */
function row(outcomes: string): Record<Verb, Outcome> {
  const cells = outcomes.split(/\s+/)
  return Object.fromEntries(verbs.map((verb, i) => [verb, cells[i]])) as Record<Verb, Outcome>
}
