import type { Region } from '../../../shared/regions.ts'

/** What names of indexes begin with; tests have others, so that they do not meet. */
const defaultPrefix = 'classifyhub'

/** The alias that searches and changes go to, whatever index is behind it. */
export function aliasOf(region: Region, prefix = defaultPrefix): string {
  return `${prefix}-${region}-posts`
}

/** The name of a new index for an alias: names sort by when they were made, to the millisecond in UTC. */
export function indexNameOf(alias: string, at: Date): string {
  return `${alias}-${at.toISOString().replaceAll(/[-:.]/g, '').toLowerCase()}`
}

/** Finds every index that was made for an alias. */
export function indexPatternOf(alias: string): string {
  return `${alias}-2*`
}
