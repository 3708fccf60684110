import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type Region, regions } from '../../shared/regions.ts'

/** The key spaces of the Redis bridge: one shared by all regions, and one for each. */
type Space = 'shared' | Region

/** Who reaches the stand-in for AWS: each region's origin with its workers, and the edge. */
export type AwsUser = 'edge' | Region

/** Every secret of one data folder; each is 32 random bytes in base64url but `stackId`. */
export type Secrets = {
  stackId: string
  edgeKey: string
  limitKey: string
  directoryKey: string
  awsSecretKeys: Record<AwsUser, string>
  postgresPassword: string
  databasePasswords: Record<Region, string>
  regionKeys: Record<Region, string>
  redisTokens: Record<Space, string>
}

/**
 * Loads the secrets of a data folder, making them the first time (mode 0600), and those that an older folder lacks. A lost file
 * means a lost folder: postgres knows the old ones.
 */
export function loadSecrets(file: string): Secrets {
  const known = readKnown(file)
  const fresh: Secrets = {
    stackId: randomBytes(6).toString('hex'),
    edgeKey: secret(),
    limitKey: secret(),
    directoryKey: secret(),
    awsSecretKeys: forEach(['edge', ...regions]),
    postgresPassword: secret(),
    databasePasswords: forEach(regions),
    regionKeys: forEach(regions),
    redisTokens: forEach(['shared', ...regions]),
  }
  const names = Object.keys(fresh) as (keyof Secrets)[]
  if (known && names.every(name => name in known)) return known as Secrets
  const secrets = { ...fresh, ...known }
  // By way of a second file: a stack that is killed here must not lose what was there.
  writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return secrets
}

function readKnown(file: string): Partial<Secrets> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url')
}

function forEach<Name extends string>(names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map(name => [name, secret()])) as Record<Name, string>
}
