import { directoryKey, directoryMarkerKey, regionOfEntry } from '../shared/directory.ts'
import { isRegion, type Region, regions } from '../shared/regions.ts'
import type { Settings } from './bindings.ts'
import type { Log } from './log.ts'
import type { Redis } from './redis.ts'

/** `unknown`: nobody has registered it. `down`: the directory does not answer, or does not hold every region's accounts. */
export type Finding = Region | 'unknown' | 'down'

/** Looks up the region of an address in the directory that the origins keep (architecture, decision 10). */
export function createAddressDirectory(settings: Settings, redis: Redis, log: Log) {
  const running = regions.filter(region => settings.origins[region] !== null)

  return async (email: string): Promise<Finding> => {
    try {
      const key = await directoryKey(settings.keys.directory, email)
      const [entry, ...marks] = await redis.mget<(string | null)[]>(key, ...running.map(directoryMarkerKey))
      const region = entry ? regionOfEntry(entry) : undefined
      if (isRegion(region)) return region
      return marks.some(mark => mark === null || mark === undefined) ? 'down' : 'unknown'
    } catch (error) {
      log.warn('directory does not answer', { error: String(error) })
      return 'down'
    }
  }
}
