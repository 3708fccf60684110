import fc from 'fast-check'
import { expect, test } from 'vitest'
import { locales } from './account.ts'
import { amountText, currencies, formatMoney, minorUnitDigits, parseAmount, readAmount } from './money.ts'

test('minorUnitDigits knows currencies without and with decimals', () => {
  expect([minorUnitDigits('EUR'), minorUnitDigits('JPY'), minorUnitDigits('KWD')]).toEqual([2, 0, 3])
})

test('minorUnitDigits follows ISO 4217, whatever the runtime’s Intl says', () => {
  expect(['COP', 'IDR', 'PKR', 'HUF', 'MGA', 'IQD', 'XOF'].map(minorUnitDigits)).toEqual([2, 2, 2, 2, 2, 3, 0])
  expect(formatMoney({ amount: 150_000_50, currency: 'COP' }, 'en-US')).toMatch(/150,000\.50/)
  expect(formatMoney({ amount: 150_000_00, currency: 'COP' }, 'en-US')).toMatch(/150,000$/)
})

test('parseAmount reads what people type', () => {
  const cases: [string, string, number | undefined][] = [
    ['12', 'USD', 1200],
    ['12.5', 'USD', 1250],
    ['12,50', 'EUR', 1250],
    ['.5', 'USD', 50],
    [',05', 'EUR', 5],
    ['0.50', 'USD', 50],
    ['1.250,00', 'EUR', 125000],
    ['1,250.75', 'USD', 125075],
    ['1.250.000', 'EUR', 125000000],
    ['1,00,000', 'INR', 10000000],
    ['1 250', 'EUR', 125000],
    ['1\u202f250,5', 'EUR', 125050],
    ['1’250', 'CHF', 125000],
    ['48000', 'JPY', 48000],
    ['48,000', 'JPY', 48000],
    ['48.000', 'JPY', 48000],
    ['48,000', 'JPY', 48000],
    ['48.5', 'JPY', undefined],
    ['12.345.67', 'USD', undefined],
    ['12 50', 'USD', undefined],
    ['-3', 'USD', undefined],
    ['1e3', 'USD', undefined],
    ['.', 'USD', undefined],
    ['', 'USD', undefined],
    ['free', 'USD', undefined],
    ['999999999999999', 'USD', undefined],
    [`${' '.repeat(1_000_000)}x`, 'USD', undefined],
  ]
  for (const [text, currency, amount] of cases) expect(parseAmount(text, currency), text).toBe(amount)
})

test('parseAmount never guesses where it could be wrong by a thousand', () => {
  const cases: [string, string, string | undefined, number | undefined][] = [
    ['1.234', 'USD', undefined, undefined],
    ['1,234', 'USD', undefined, undefined],
    ['1.234', 'USD', 'en-US', undefined],
    ['1,234', 'USD', 'en-US', 123400],
    ['1.234', 'EUR', 'de-DE', 123400],
    ['1,234', 'EUR', 'de-DE', undefined],
    ['1.200', 'BRL', 'pt-BR', 120000],
    ['0.500', 'USD', 'en-US', undefined],
    ['0.500', 'EUR', 'de-DE', undefined],
    ['0,001', 'USD', 'en-US', undefined],
    ['0.001', 'USD', 'de-DE', undefined],
    ['0.500', 'JPY', 'en-US', undefined],
    ['0.500.000', 'USD', 'de-DE', undefined],
    ['1234.500', 'USD', 'de-DE', undefined],
    ['1.234', 'KWD', 'en-US', 1234],
    ['1.234', 'KWD', 'de-DE', 1234000],
    ['1.234', 'KWD', undefined, undefined],
    ['0.500', 'KWD', undefined, 500],
  ]
  for (const [text, currency, locale, amount] of cases)
    expect(parseAmount(text, currency, locale), `${text} ${currency} ${locale}`).toBe(amount)
})

test('parseAmount takes the sign of its own currency, and of no other', () => {
  const cases: [string, string, string, number | undefined][] = [
    ['$5', 'USD', 'en-US', 500],
    ['US$ 5', 'USD', 'en-US', 500],
    ['5 €', 'EUR', 'en-US', 500],
    ['€1,250.50', 'EUR', 'en-US', 125050],
    ['R$ 1.200', 'BRL', 'pt-BR', 120000],
    ['R$\u00a01.200,00', 'BRL', 'en-US', 120000],
    ['¥500', 'JPY', 'en-US', 500],
    ['EUR 5', 'EUR', 'de-DE', 500],
    ['5 chf', 'CHF', 'de-DE', 500],
    ['€5', 'USD', 'en-US', undefined],
    ['R$ 5', 'USD', 'en-US', undefined],
    ['5 apples', 'USD', 'en-US', undefined],
  ]
  for (const [text, currency, locale, amount] of cases) expect(parseAmount(text, currency, locale), text).toBe(amount)
})

test('readAmount says in words what to write instead', () => {
  const problem = (...asked: Parameters<typeof readAmount>) => {
    const read = readAmount(...asked)
    return 'problem' in read ? read.problem : undefined
  }
  expect(problem('1.234', 'USD', 'en-US')).toBe('is not clear: write 1234 or 1.23')
  expect(problem('1,234', 'EUR', 'de-DE')).toBe('is not clear: write 1234 or 1,23')
  expect(problem('0.001', 'USD', 'en-US')).toBe('must have at most 2 decimals')
  expect(problem('48.5', 'JPY', 'en-US')).toBe('must be without decimals')
  expect(problem('38o', 'USD', 'en-US')).toBe('must be an amount in USD, such as 1250 or 12.50')
  expect(problem('99999999999999', 'USD')).toBe('is too large')
})

test('amountText writes what parseAmount reads back, in every locale', () => {
  const money = fc.record({ amount: fc.integer({ min: 0, max: 10 ** 12 }), currency: fc.constantFrom(...currencies) })
  const locale = fc.constantFrom(...locales)
  fc.assert(
    fc.property(money, locale, (value, at) => parseAmount(amountText(value, at), value.currency, at) === value.amount),
  )
})

test('parseAmount reads what formatMoney writes', () => {
  const money = fc.record({ amount: fc.integer({ min: 0, max: 10 ** 12 }), currency: fc.constantFrom(...currencies) })
  const locale = fc.constantFrom(...locales)
  fc.assert(
    fc.property(money, locale, (value, at) => {
      const read = parseAmount(formatMoney(value, at), value.currency, at)
      return read === value.amount || read === undefined
    }),
  )
  for (const at of locales)
    expect(parseAmount(formatMoney({ amount: 123456, currency: 'EUR' }, at), 'EUR', at)).toBe(123456)
})

test('formatMoney leaves out decimals that say nothing', () => {
  expect(formatMoney({ amount: 24000, currency: 'USD' }, 'en-US')).toBe('$240')
  expect(formatMoney({ amount: 24050, currency: 'USD' }, 'en-US')).toBe('$240.50')
  expect(formatMoney({ amount: 48000, currency: 'JPY' }, 'en-US')).toBe('¥48,000')
})
