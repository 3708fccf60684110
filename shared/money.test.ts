import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountText, currencies, formatMoney, minorUnitDigits, parseAmount } from './money.ts'

test('minorUnitDigits knows currencies without and with decimals', () => {
  expect([minorUnitDigits('EUR'), minorUnitDigits('JPY'), minorUnitDigits('KWD')]).toEqual([2, 0, 3])
})

test('parseAmount reads what people type', () => {
  const cases: [string, string, number | undefined][] = [
    ['12', 'USD', 1200],
    ['12.5', 'USD', 1250],
    ['12,50', 'EUR', 1250],
    ['1,250', 'USD', 125000],
    ['1.250,00', 'EUR', 125000],
    ['1,250.75', 'USD', 125075],
    ['1 250', 'EUR', 125000],
    ['48000', 'JPY', 48000],
    ['48,000', 'JPY', 48000],
    ['48.5', 'JPY', undefined],
    ['12.345.67', 'USD', undefined],
    ['-3', 'USD', undefined],
    ['1e3', 'USD', undefined],
    ['', 'USD', undefined],
    ['free', 'USD', undefined],
  ]
  for (const [text, currency, amount] of cases) expect(parseAmount(text, currency), text).toBe(amount)
})

test('amountText writes what parseAmount reads back', () => {
  const money = fc.record({ amount: fc.integer({ min: 0, max: 10 ** 12 }), currency: fc.constantFrom(...currencies) })
  fc.assert(fc.property(money, value => parseAmount(amountText(value), value.currency) === value.amount))
})

test('formatMoney leaves out decimals that say nothing', () => {
  expect(formatMoney({ amount: 24000, currency: 'USD' }, 'en-US')).toBe('$240')
  expect(formatMoney({ amount: 24050, currency: 'USD' }, 'en-US')).toBe('$240.50')
  expect(formatMoney({ amount: 48000, currency: 'JPY' }, 'en-US')).toBe('¥48,000')
})
