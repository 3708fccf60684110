import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { type Region, regions } from '../../shared/regions.ts'

/** The key spaces of the Redis bridge: one shared by all regions, and one for each. */
type Space = 'shared' | Region

/** Every secret of one data folder; each is 32 random bytes in base64url but `stackId`. */
export type Secrets = {
  stackId: string
  edgeKey: string
  limitKey: string
  directoryKey: string
  awsSecretKey: string
  postgresPassword: string
  databasePasswords: Record<Region, string>
  regionKeys: Record<Region, string>
  redisTokens: Record<Space, string>
}

/** Loads the secrets of a data folder, making them the first time (mode 0600). A lost file means a lost folder: postgres knows the old ones. */
export function loadSecrets(file: string): Secrets {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const secrets: Secrets = {
    stackId: randomBytes(6).toString('hex'),
    edgeKey: secret(),
    limitKey: secret(),
    directoryKey: secret(),
    awsSecretKey: secret(),
    postgresPassword: secret(),
    databasePasswords: forEach(regions),
    regionKeys: forEach(regions),
    redisTokens: forEach(['shared', ...regions]),
  }
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600, flag: 'wx' })
  return secrets
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function forEach<Name extends string>(names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map(name => [name, secret()])) as Record<Name, string>
}
