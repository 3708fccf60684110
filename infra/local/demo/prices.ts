import { minorUnitDigits } from '../../../shared/money.ts'
import { countries } from '../../../shared/regions.ts'
import type { City } from './words/sellers.ts'

/** How many units of its currency a dollar buys, and what used things cost there compared with the United States. */
const markets: Readonly<Record<string, { rate: number; level: number }>> = {
  US: { rate: 1, level: 1 },
  CA: { rate: 1.38, level: 1 },
  MX: { rate: 18.5, level: 0.75 },
  BR: { rate: 5.5, level: 0.85 },
  PE: { rate: 3.6, level: 0.7 },
  AR: { rate: 1400, level: 0.8 },
  DE: { rate: 0.87, level: 1 },
  GB: { rate: 0.76, level: 1 },
  FR: { rate: 0.87, level: 1 },
  ES: { rate: 0.87, level: 0.9 },
  NL: { rate: 0.87, level: 1.05 },
  PL: { rate: 3.7, level: 0.85 },
  KE: { rate: 129, level: 0.7 },
  ZA: { rate: 17.5, level: 0.8 },
  JP: { rate: 150, level: 0.85 },
  IN: { rate: 87, level: 0.6 },
  AU: { rate: 1.52, level: 1.05 },
  SG: { rate: 1.29, level: 1.05 },
  ID: { rate: 16400, level: 0.65 },
  NZ: { rate: 1.7, level: 1.05 },
}

/** Cars are dearer in some countries than anything else there. */
const carLevel: Readonly<Record<string, number>> = { BR: 1.4, AR: 1.4, SG: 3 }

/**
 * Turns dollars into a price as people write it in a country: its currency, its price level, a round figure.
 * @param kind homes and work come at local cost already; homes are rounded less
 * @returns minor units and the currency
 */
export function localPrice(
  usd: number,
  country: string,
  kind: 'thing' | 'vehicle' | 'home' | 'work',
): { amount: number; currency: string } {
  const { rate, level } = marketOf(country)
  const currency = countries[country]?.currency ?? ''
  const factor = kind === 'thing' ? level : kind === 'vehicle' ? (carLevel[country] ?? Math.max(level, 0.9)) : 1
  const major = roundAsPeople(usd * rate * factor, kind === 'home')
  return { amount: major * 10 ** minorUnitDigits(currency), currency }
}

/** Scales pay and the price of work, which differ more between countries than the prices of things. */
export function wageUsd(usd: number, country: string): number {
  return usd * marketOf(country).level ** 3
}

/** What a home costs in dollars for its period, or to buy, by the rent of the city. */
export function homeUsd(leaf: string, squareMetres: number, { rent, country }: City): number {
  const month = rent * squareMetres
  if (leaf.endsWith('-for-sale')) return month * 225
  if (leaf === 'holiday-homes') return month * 0.06
  const monthly = leaf === 'offices' || leaf === 'parking-storage'
  return rentPeriod(country) === 'week' && !monthly ? month / 4.33 : month
}

/** In Australia and New Zealand rents are named by the week. */
export function rentPeriod(country: string): 'week' | 'month' {
  return country === 'AU' || country === 'NZ' ? 'week' : 'month'
}

/** What a used vehicle still costs: a tenth goes each year, and something for every kilometre beyond the usual. */
export function usedVehicleUsd(newUsd: number, years: number, km: number): number {
  const usualKm = Math.max(years, 0.5) * 13_000
  const wear = Math.min(1.15, Math.max(0.75, 1.1 - 0.1 * (km / usualKm)))
  return Math.max(newUsd * 0.9 ** years * wear, 250)
}

function marketOf(country: string): { rate: number; level: number } {
  const market = markets[country]
  if (!market) throw new Error(`Cannot price in "${country}": it has no market here`)
  return market
}

/** Two figures, the second of them 0 or 5 for most: 384 → 380, 1,234 → 1,250, 67 → 65. */
function roundAsPeople(value: number, fine: boolean): number {
  if (value < 20) return Math.max(1, Math.round(value))
  const tenth = 10 ** (Math.floor(Math.log10(value)) - 1)
  const leading = value / (tenth * 10)
  const step = Math.max(5, fine || leading < 2 ? tenth / 2 : leading < 5 ? tenth : tenth * 5)
  return Math.round(value / step) * step
}
