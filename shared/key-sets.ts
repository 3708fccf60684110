import { importJWK } from 'jose'
import type { FindKey, KeySet } from './access-token.ts'
import type { Region } from './regions.ts'
import { createSingleFlight } from './single-flight.ts'

type Entry = { keys: Map<string, CryptoKey>; fetchedAt: number; triedAt: number }

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
  const once = createSingleFlight<void>({ patience })

  return async (region, kid) => {
    const entry = sets.get(region) ?? { keys: new Map(), fetchedAt: 0, triedAt: Number.NEGATIVE_INFINITY }
    sets.set(region, entry)
    const stale = now() - entry.fetchedAt > maxAge
    const unknown = !entry.keys.has(kid)
    if ((stale || unknown) && (entry.fetchedAt === 0 || now() - entry.triedAt > cooldown)) {
      try {
        await once(region, () => load(region, entry))
      } catch (error) {
        if (entry.fetchedAt === 0) throw error
      }
    }
    return entry.keys.get(kid)
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
