import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listSigningKeys } from '../accounts/signing-keys.ts'
import { uniqueEmail } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'

let origin: TestOrigin
let data: string
beforeAll(async () => {
  origin = await createTestOrigin()
  data = mkdtempSync(join(tmpdir(), 'classifyhub cli '))
  const { config } = origin.ctx
  const env = {
    REGION: 'na',
    SITE_URL: config.siteUrl,
    DATABASE_URL: config.database.url,
    SHARED_REDIS_URL: config.redis.shared.url,
    SHARED_REDIS_TOKEN: config.redis.shared.token,
    REGION_REDIS_URL: config.redis.region.url,
    REGION_REDIS_TOKEN: config.redis.region.token,
    EDGE_KEY: config.keys.edge,
    DIRECTORY_KEY: config.keys.directory,
    REGION_KEY: config.keys.region,
    AWS_REGION: config.aws.region,
    S3_BUCKET: config.aws.bucket,
    SQS_QUEUE_PREFIX: config.aws.queuePrefix,
    MAIL_FROM: config.mailFrom,
  }
  mkdirSync(join(data, 'env'))
  writeFileSync(join(data, 'env', 'origin-na.json'), JSON.stringify(env))
})
afterAll(() => rmSync(data, { recursive: true }))

const password = 'correct horse battery 9'

function run(command: 'account' | 'keys', ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise(resolve => {
    const file = join(import.meta.dirname, `${command}.ts`)
    const { REGION: _, ...env } = process.env
    execFile(process.execPath, [file, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err })
    })
  })
}

const onStack = (...args: string[]) => [...args, '--data', data]

describe('account', () => {
  it('makes a verified account with a role, and changes the role', async () => {
    const email = uniqueEmail()
    const made = await run(
      'account',
      ...onStack(
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
      ),
    )
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(made.out).toContain(email)
    const first = await origin.request('POST', '/sessions', { body: { email, password } })
    expect(first.body.account).toMatchObject({ role: 'moderator', displayName: 'Ana Souza', region: 'na' })
    expect(await run('account', ...onStack('role', email, 'operator'))).toMatchObject({ code: 0, err: '' })
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
      ...(await run('account', ...onStack(...args))),
    }))
    for (const { args, expected, code, err } of await Promise.all(runs)) {
      expect({ args, code }).toEqual({ args, code: 1 })
      expect(err).toContain(expected)
      expect(err).not.toContain('    at ')
    }
  })

  it('says that no stack runs', async () => {
    const { code, err } = await run(
      'account',
      'create',
      uniqueEmail(),
      '--password',
      password,
      '--data',
      join(data, 'nothing here'),
    )
    expect(code).toBe(1)
    expect(err).toContain('No stack runs on')
    expect(err).toContain('npm start -- --data')
  })
})

describe('keys', () => {
  it('lists and rotates', async () => {
    const [next] = (await listSigningKeys(origin.ctx)).filter(key => key.state === 'next')
    const rotated = await run('keys', ...onStack('rotate', '--region', 'na'))
    expect(rotated).toMatchObject({ code: 0, err: '' })
    expect(rotated.out).toContain(`signs with ${next?.kid} now`)
    const listed = await run('keys', ...onStack('list'))
    expect(listed.out.trim().split('\n')).toHaveLength(3)
    const again = await run('keys', ...onStack('rotate'))
    expect(again.code).toBe(1)
    expect(again.err).toContain('--force')
    expect((await run('keys', ...onStack('rotate', '--force'))).code).toBe(0)
  })
})
