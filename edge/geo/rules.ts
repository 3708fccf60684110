import * as z from 'zod'
import { countries, regions } from '../../shared/regions.ts'
import rulesJson from './rules.json' with { type: 'json' }

const RegionName = z.enum(regions)
const Continent = z.enum(['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA'])
const CountryCode = z.string().refine(code => Object.hasOwn(countries, code), 'must be an ISO 3166-1 alpha-2 code')

/** `up` serves; `draining` serves only where no region that is up can; `down` gets nobody. */
export const RegionState = z.enum(['up', 'draining', 'down'])

/** All conditions that are named must hold. A path that ends in `*` is a prefix. */
const Conditions = z
  .strictObject({
    country: z.array(CountryCode).min(1),
    continent: z.array(Continent).min(1),
    path: z.array(z.string().regex(/^\/[^*]*\*?$/, 'must begin with "/", and may end in "*"')).min(1),
  })
  .partial()
  .refine(conditions => Object.keys(conditions).length > 0, 'must name a country, continent or path')
export type Conditions = z.infer<typeof Conditions>

/** `use` names a region, or `nearest`: by great-circle distance to the visitor. */
const Rule = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  why: z.string().min(1),
  when: Conditions.optional(),
  use: z.union([RegionName, z.literal('nearest')]),
})
export type Rule = z.infer<typeof Rule>

const RegionEntry = z.strictObject({
  place: z.strictObject({ name: z.string(), lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) }),
  state: RegionState,
})

/** Which region serves whom: the first rule that holds decides; the last has no conditions. */
export const GeoRules = z
  .strictObject({ regions: z.record(RegionName, RegionEntry), fallback: RegionName, rules: z.array(Rule).min(1) })
  .superRefine(({ rules }, ctx) => {
    rules.forEach((rule, index) => {
      const last = index === rules.length - 1
      if (last === (rule.when === undefined)) return
      const message = last ? 'the last rule must hold for everybody' : 'only the last rule may have no conditions'
      ctx.addIssue({ code: 'custom', path: ['rules', index, 'when'], message })
    })
    const twice = rules.find((rule, index) => rules.findIndex(other => other.name === rule.name) !== index)
    if (twice) ctx.addIssue({ code: 'custom', path: ['rules'], message: `two rules are named "${twice.name}"` })
  })
export type GeoRules = z.infer<typeof GeoRules>

/** The rules in force. Throws when rules.json is not of the form above, so that no edge starts with it. */
export const rules: GeoRules = GeoRules.parse(rulesJson)
