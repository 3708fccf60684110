import { countries, type Region, regions } from '../../shared/regions.ts'
import { kilometresBetween, type Point } from './distance.ts'
import type { Conditions, GeoRules, Rule } from './rules.ts'

/** What the rules may ask about a visitor. */
export type GeoFacts = {
  country: string | null
  continent: string | null
  lat: number | null
  lon: number | null
  path: string
}

/** What became of one rule, for `npm run geo -- explain`. */
export type Step = { rule: string; why: string; held: boolean; because: string }
export type Resolution = { region: Region; facts: GeoFacts; steps: Step[]; chosen: string }

/**
 * Decides a visitor's region. Pure: the same rules and facts give the same answer, in the Worker and in the geo tool.
 * A missing continent or point is taken from the country's; a region that cannot serve gives way to the nearest that can.
 * @param runs tells whether a region is set up here at all (a local stack may run only one)
 */
export function resolveRegion(
  rules: GeoRules,
  facts: GeoFacts,
  runs: (region: Region) => boolean = () => true,
): Resolution {
  const known = complete(facts)
  const steps: Step[] = []
  for (const rule of rules.rules) {
    const because = failingCondition(rule.when, known)
    steps.push({ rule: rule.name, why: rule.why, held: because === null, because: because ?? describe(rule, known) })
    if (because === null) return { facts: known, steps, ...choose(rules, rule, known, runs) }
  }
  throw new Error('Cannot resolve a region: the last rule must hold for everybody')
}

function complete(facts: GeoFacts): GeoFacts {
  const country = facts.country ? countries[facts.country] : undefined
  if (!country) return facts
  const hasPoint = facts.lat !== null && facts.lon !== null
  return {
    ...facts,
    continent: facts.continent ?? country.continent,
    lat: hasPoint ? facts.lat : country.lat,
    lon: hasPoint ? facts.lon : country.lon,
  }
}

/** Gives null when all conditions hold, else which one does not. */
function failingCondition(when: Conditions | undefined, facts: GeoFacts): string | null {
  if (when?.country && !when.country.includes(facts.country ?? '')) {
    return `country ${facts.country ?? 'unknown'} is not one of ${when.country.join(', ')}`
  }
  if (when?.continent && !when.continent.some(code => code === facts.continent)) {
    return `continent ${facts.continent ?? 'unknown'} is not one of ${when.continent.join(', ')}`
  }
  if (when?.path && !when.path.some(pattern => matchesPath(pattern, facts.path))) {
    return `path ${facts.path} is not one of ${when.path.join(', ')}`
  }
  return null
}

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}

function describe({ when = {}, use }: Rule, facts: GeoFacts): string {
  const matched = (Object.keys(when) as (keyof Conditions)[]).map(name => `${name} ${facts[name]}`).join(' and ')
  return `${matched === '' ? 'holds for everybody' : `${matched} matches`}: use ${use}`
}

function choose(rules: GeoRules, rule: Rule, facts: GeoFacts, runs: (region: Region) => boolean) {
  const from = pointOf(facts) ?? (rule.use === 'nearest' ? null : rules.regions[rule.use].place)
  const wanted =
    rule.use === 'nearest' ? nearest(rules, from ?? rules.regions[rules.fallback].place, regions) : rule.use
  for (const state of ['up', 'draining'] as const) {
    const serving = regions.filter(region => rules.regions[region].state === state && runs(region))
    if (serving.includes(wanted)) return { region: wanted, chosen: `${wanted} is ${state}` }
    const next = serving.length > 0 ? nearest(rules, from ?? rules.regions[wanted].place, serving) : undefined
    if (next) return { region: next, chosen: `${wanted} is not up, ${next} is the nearest that is ${state}` }
  }
  return { region: wanted, chosen: `${wanted}, though no region is up` }
}

function nearest(rules: GeoRules, from: Point, candidates: readonly Region[]): Region {
  const distance = (region: Region) => kilometresBetween(from, rules.regions[region].place)
  return candidates.reduce((best, region) => (distance(region) < distance(best) ? region : best))
}

function pointOf({ lat, lon }: GeoFacts): Point | null {
  return lat === null || lon === null ? null : { lat, lon }
}
