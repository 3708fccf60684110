import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { listSigningKeys } from '../accounts/signing-keys.ts'
import { type CommandLine, createCommandLine } from '../testing/cli.ts'
import { uniqueEmail } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'

let origin: TestOrigin
let shell: CommandLine
beforeAll(async () => {
  origin = await createTestOrigin()
  shell = createCommandLine(origin)
})
afterAll(() => shell.close())

const password = 'correct horse battery 9'

describe('account', () => {
  it('makes a verified account with a role, and changes the role', async () => {
    const email = uniqueEmail()
    const made = await shell.run(
      'account',
      'create',
      email,
      '--password',
      password,
      '--role',
      'moderator',
      '--region',
      'na',
      '--name',
      'Ana Souza',
    )
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toContain(email)
    const first = await origin.request('POST', '/sessions', { body: { email, password } })
    expect(first.body.account).toMatchObject({ role: 'moderator', displayName: 'Ana Souza', region: 'na' })
    expect(await shell.run('account', 'role', email, 'operator')).toMatchObject({ code: 0, err: '' })
    const second = await origin.request('POST', '/sessions', { body: { email, password } })
    expect(second.body.account.role).toBe('operator')
  })

  it('names what is wrong, with exit code 1 and no trace', async () => {
    const email = (await origin.createAccount()).email
    const faults: [string[], string][] = [
      [[], 'Usage'],
      [['create', uniqueEmail()], '--password is missing'],
      [['create', 'nobody', '--password', password], 'email must be an e-mail address'],
      [['create', uniqueEmail(), '--password', 'short'], 'at least 12'],
      [['create', uniqueEmail(), '--password', 'Password1234'], 'password'],
      [['create', uniqueEmail(), '--password', password, '--region', 'eu'], 'region "eu"'],
      [['create', uniqueEmail(), '--colour', 'red'], '--colour'],
      [['create', email, '--password', password], 'has an account already'],
      [['role', email, 'king'], 'role'],
    ]
    const runs = faults.map(async ([args, expected]) => ({
      args,
      expected,
      ...(await shell.run('account', ...args)),
    }))
    for (const { args, expected, code, err } of await Promise.all(runs)) {
      expect({ args, code }).toEqual({ args, code: 1 })
      expect(err).toContain(expected)
      expect(err).not.toContain('    at ')
    }
  })

  it('says that no stack runs', async () => {
    const { code, err } = await shell.run(
      'account',
      'create',
      uniqueEmail(),
      '--password',
      password,
      '--data',
      join(shell.data, 'nothing here'),
    )
    expect(code).toBe(1)
    expect(err).toContain('No stack runs on')
    expect(err).toContain('npm start -- --data')
  })
})

describe('after the stack was killed', () => {
  it.each([
    ['account', 'role', 'somebody@example.com', 'operator'],
    ['keys', 'list'],
    ['import', 'package.json'],
    ['export'],
    ['queues', 'show'],
  ])('%s says that none runs, though its notes and its database are there', async (command, ...args) => {
    const run = join(shell.data, 'run.json')
    const mark = readFileSync(run, 'utf8')
    writeFileSync(run, JSON.stringify({ ...JSON.parse(mark), start: 'another boot:1' }))
    onTestFinished(() => writeFileSync(run, mark))
    const { code, err } = await shell.run(command, ...args)
    expect(err).toContain(`No stack runs on ${shell.data}. Start it with: npm start`)
    expect(code).toBe(1)
  })
})

describe('keys', () => {
  it('lists and rotates', async () => {
    const [next] = (await listSigningKeys(origin.ctx)).filter(key => key.state === 'next')
    const rotated = await shell.run('keys', 'rotate', '--region', 'na')
    expect(rotated).toMatchObject({ code: 0, err: '' })
    expect(rotated.out).toContain(`signs with ${next?.kid} now`)
    const listed = await shell.run('keys', 'list')
    expect(listed.out.trim().split('\n')).toHaveLength(3)
    const again = await shell.run('keys', 'rotate')
    expect(again.code).toBe(1)
    expect(again.err).toContain('--force')
    expect((await shell.run('keys', 'rotate', '--force')).code).toBe(0)
  })
})
