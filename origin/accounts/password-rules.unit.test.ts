import { describe, expect, it } from 'vitest'
import { findPasswordProblem } from './password-rules.ts'

const person = { email: 'maria.silva+ads@example.com', displayName: 'Maria Silva' }

describe('findPasswordProblem', () => {
  it.each([
    'passwordpassword',
    'PasswordPassword',
    'password1234',
    'Password1234!!',
    '!!!sunshine2024',
    '123456789012',
    '987654321098',
    'abcdefghijkl',
    'aaaaaaaaaaaa',
    '121212121212',
    'dragondragon',
    'unbelievable',
    'ｐａｓｓｗｏｒｄ１２３４',
    'maria.silva+ads',
    'maria.silva+ads@example.com',
    'Maria.Silva+ads@Example.com!',
    'maria.silva+ads@example.com42',
    'maria@example.com',
    'MariaSilva2024',
    'silva-silva-silva',
    'classifyhub12',
    'ClassifyHubClassifyHub',
  ])('refuses %s', async password => {
    expect(await findPasswordProblem(password, person)).toBeDefined()
  })

  it.each([
    'correct horse battery 9',
    'maria bought a red boat',
    'hubcaps and teapots',
    'пароль из трёх слов',
    '合言葉は秘密の花園です今日',
    '739201846625',
    'xxxxxxyyyyyz',
  ])('accepts %s', async password => {
    expect(await findPasswordProblem(password, person)).toBeUndefined()
  })

  it('knows more than 10,000 common passwords', async () => {
    const { dictionary } = await import('@zxcvbn-ts/language-common')
    expect(new Set(dictionary['passwords-common']).size).toBeGreaterThan(10_000)
  })
})
