import { importJWK } from 'jose'
import type { FindKey, KeySet } from './access-token.ts'
import type { Region } from './regions.ts'

type Entry = { keys: Map<string, CryptoKey>; fetchedAt: number; triedAt: number; pending?: Promise<void> | undefined }

type Options = {
  fetchKeys: (region: Region) => Promise<KeySet>
  now: () => number
  /** After this many milliseconds a set is fetched again. */
  maxAge?: number
  /** At most one fetch in this many milliseconds for the sake of an unknown `kid`. */
  cooldown?: number
  /** How long a caller waits for another's fetch before it fetches for itself, in milliseconds. */
  patience?: number
}

/**
 * Caches every region's public keys: one fetch at a time per region, a cooldown on unknown key ids, and the old set
 * while an origin is down (the behaviour of jose's remote set, which offers no stale use).
 * The function it returns throws only when no set of that region was ever read.
 */
export function createKeySets({
  fetchKeys,
  now,
  maxAge = 600_000,
  cooldown = 30_000,
  patience = 2_500,
}: Options): FindKey {
  const sets = new Map<Region, Entry>()

  return async (region, kid) => {
    const entry = sets.get(region) ?? { keys: new Map(), fetchedAt: 0, triedAt: Number.NEGATIVE_INFINITY }
    sets.set(region, entry)
    const stale = now() - entry.fetchedAt > maxAge
    const unknown = !entry.keys.has(kid)
    if ((stale || unknown) && (entry.fetchedAt === 0 || now() - entry.triedAt > cooldown)) {
      try {
        await refresh(region, entry)
      } catch (error) {
        if (entry.fetchedAt === 0) throw error
      }
    }
    return entry.keys.get(kid)
  }

  /**
   * One fetch at a time, but nobody waits for ever: in a Worker a request that is cancelled takes its fetch with it,
   * and the promise that others wait for never settles.
   */
  async function refresh(region: Region, entry: Entry): Promise<void> {
    const { pending } = entry
    if (pending && (await settlesWithin(patience, pending))) return pending
    const own = load(region, entry).finally(() => {
      if (entry.pending === own) entry.pending = undefined
    })
    entry.pending = own
    return own
  }

  async function load(region: Region, entry: Entry): Promise<void> {
    entry.triedAt = now()
    const { keys } = await fetchKeys(region)
    const imported = new Map<string, CryptoKey>()
    for (const jwk of keys) {
      if (jwk.kty !== 'EC' || jwk.crv !== 'P-256' || !jwk.kid || jwk.d) continue
      const key = await importJWK(jwk, 'ES256')
      if (key instanceof CryptoKey) imported.set(jwk.kid, key)
    }
    entry.keys = imported
    entry.fetchedAt = now()
  }
}

/** The timer belongs to whoever waits, so that a Worker's request waits on I/O of its own. */
async function settlesWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(resolve, milliseconds, false)
  })
  const settled = work.then(
    () => true,
    () => true,
  )
  const first = await Promise.race([settled, late])
  clearTimeout(timer)
  return first
}
