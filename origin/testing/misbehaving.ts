import { createRandom } from '../../infra/local/demo/random.ts'
import type { Queues, ReceivedMessage } from '../adapters/sqs.ts'

/**
 * Lets a queue do the worst that it may: one message in ten is sent twice, a batch comes in any order, and one lease in twenty
 * ends while the work goes on, so that the message is delivered again before it is done. What happens to a message hangs on
 * the seed, its own id and how often it has come, not on who asks first: the same seed does the same again.
 */
export function createMisbehaving(sound: Queues, seed: string) {
  const duplicated = new Map<string, number>()
  const expiring = new Set<string>()
  let duplicates = 0
  let expiries = 0
  const chance = (what: string, id: string) => createRandom(`${seed} ${what} ${id}`).next()
  const comingOf = (message: ReceivedMessage) => `${idOf(message)} ${message.receives}`
  const queues: Queues = {
    ...sound,
    async send(to, all) {
      const again = all.filter(message => chance('twice', idOf(message)) < 0.1)
      for (const message of again) duplicated.set(idOf(message), (duplicated.get(idOf(message)) ?? 0) + 1)
      duplicates += again.length
      if (again.length > 0) await sound.send(to, again)
      return sound.send(to, all)
    },
    async receive(from, options) {
      const taken = await sound.receive(from, options)
      const lost = taken.filter(message => chance('lease', comingOf(message)) < 0.05)
      if (lost.length > 0) {
        await sound.extend(
          from,
          lost.map(message => message.handle),
          1,
        )
        for (const message of lost) expiring.add(idOf(message))
        expiries += lost.length
      }
      return taken.sort((a, b) => chance('order', comingOf(a)) - chance('order', comingOf(b)))
    },
  }
  return {
    queues,
    faults: {
      /** Holds a job whose lease is to end until that has happened. */
      async afterWork(id: string) {
        if (expiring.delete(id)) await new Promise(resolve => setTimeout(resolve, 1_100))
      },
      counts: {
        get duplicates() {
          return duplicates
        },
        get expiries() {
          return expiries
        },
        duplicatesOf: (id: string) => duplicated.get(id) ?? 0,
        poisonDuplicates: (poison: Set<string>) => [...poison].reduce((sum, id) => sum + (duplicated.get(id) ?? 0), 0),
      },
    },
  }
}

function idOf({ attributes }: Pick<ReceivedMessage, 'attributes'>): string {
  return attributes['dedup-id'] ?? ''
}
