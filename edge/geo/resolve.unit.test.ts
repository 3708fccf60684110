import { describe, expect, it } from 'vitest'
import { countries, countryCodes, regionOfCountry, regionPlace, regions } from '../../shared/regions.ts'
import { type GeoFacts, resolveRegion } from './resolve.ts'
import { GeoRules, rules } from './rules.ts'

const nothing: GeoFacts = { country: null, continent: null, lat: null, lon: null, path: '/' }
const withStates = (na: string, eu: string, ap: string) =>
  GeoRules.parse({
    ...rules,
    regions: {
      na: { ...rules.regions.na, state: na },
      eu: { ...rules.regions.eu, state: eu },
      ap: { ...rules.regions.ap, state: ap },
    },
  })

describe('resolveRegion by the rules in force', () => {
  it('sends every country to the region that owns it, with or without the rest of the geo data', () => {
    for (const country of countryCodes) {
      const facts = { ...nothing, country }
      expect([country, resolveRegion(rules, facts).region]).toEqual([country, regionOfCountry(country)])
      const { continent = null, lat = null, lon = null } = countries[country] ?? {}
      expect(resolveRegion(rules, { ...facts, continent, lat, lon }).region).toBe(regionOfCountry(country))
    }
  })

  it('sends a point without a country to the nearest region, and nothing at all to the fallback', () => {
    expect(resolveRegion(rules, { ...nothing, lat: -1, lon: 160 }).region).toBe('ap')
    expect(resolveRegion(rules, { ...nothing, lat: 64, lon: -40 }).region).toBe('eu')
    expect(resolveRegion(rules, { ...nothing, lat: 0, lon: -120 }).region).toBe('na')
    expect(resolveRegion(rules, nothing).region).toBe('na')
    expect(resolveRegion(rules, { ...nothing, country: '??', continent: 'AF' }).region).toBe('eu')
  })

  it('has the regions stand where shared/regions.ts says', () => {
    for (const region of regions) expect(rules.regions[region].place).toMatchObject(regionPlace[region])
  })
})

describe('resolveRegion with regions in trouble', () => {
  const brazil = { ...nothing, country: 'BR' }

  it('gives way to the nearest that is up', () => {
    expect(resolveRegion(withStates('down', 'up', 'up'), brazil).region).toBe('eu')
    expect(resolveRegion(withStates('draining', 'up', 'up'), brazil).region).toBe('eu')
    expect(resolveRegion(withStates('down', 'down', 'up'), brazil).region).toBe('ap')
  })

  it('uses one that drains when none is up, and the wanted one when none is left', () => {
    expect(resolveRegion(withStates('down', 'draining', 'down'), brazil).region).toBe('eu')
    expect(resolveRegion(withStates('down', 'down', 'down'), brazil)).toMatchObject({
      region: 'na',
      chosen: 'na, though no region is up',
    })
  })

  it('counts a region that does not run here as down', () => {
    expect(resolveRegion(rules, brazil, region => region === 'ap').region).toBe('ap')
  })
})

describe('resolveRegion explains itself', () => {
  it('names each rule up to the one that held, and why the others did not', () => {
    const custom = GeoRules.parse({
      ...rules,
      rules: [
        { name: 'sale', why: 'A campaign', when: { country: ['JP'], path: ['/sale/*'] }, use: 'eu' },
        { name: 'japan', why: 'Home', when: { country: ['JP'] }, use: 'ap' },
        { name: 'default', why: 'The rest', use: 'nearest' },
      ],
    })
    const { region, steps } = resolveRegion(custom, { ...nothing, country: 'JP', path: '/sale' })
    expect(region).toBe('ap')
    expect(steps.map(({ rule, held }) => [rule, held])).toEqual([
      ['sale', false],
      ['japan', true],
    ])
    expect(steps[0]?.because).toBe('path /sale is not one of /sale/*')
    expect(resolveRegion(custom, { ...nothing, country: 'JP', path: '/sale/tv' }).region).toBe('eu')
  })
})

describe('GeoRules', () => {
  const base = { regions: rules.regions, fallback: 'na' }
  const faultsOf = (list: unknown[]) =>
    GeoRules.safeParse({ ...base, rules: list }).error?.issues.map(issue => issue.message)
  const last = { name: 'default', why: 'All', use: 'nearest' }

  it('needs a last rule for everybody, and only there', () => {
    expect(faultsOf([{ name: 'a', why: 'A', when: { country: ['BR'] }, use: 'na' }])).toEqual([
      'the last rule must hold for everybody',
    ])
    expect(faultsOf([last, { ...last, name: 'other' }])).toEqual(['only the last rule may have no conditions'])
  })

  it('refuses unknown countries, regions, fields and doubled names', () => {
    const rule = { name: 'a', why: 'A', when: { country: ['BR'] }, use: 'na' }
    expect(faultsOf([{ ...rule, when: { country: ['UK'] } }, last])).toHaveLength(1)
    expect(faultsOf([{ ...rule, use: 'us' }, last])).toHaveLength(1)
    expect(faultsOf([{ ...rule, when: { city: ['x'] } }, last])).toContain('Unrecognized key: "city"')
    expect(faultsOf([{ ...rule, when: {} }, last])).toHaveLength(1)
    expect(faultsOf([rule, rule, last])).toEqual(['two rules are named "a"'])
  })
})
