import { regions } from '../../../shared/regions.ts'
import { edgePolicy, originPolicy, type Statement } from '../../bucket.ts'
import { resourceName } from '../aws-resources.ts'
import type { AwsUser, Secrets } from '../secrets.ts'

/** Somebody whom AWS knows, with the statements that allow what they may do. */
export type Identity = { accessKeyId: string; secretAccessKey: string; statements: readonly Statement[] }

/** The access key id that a user of the local stack shows. */
export function accessKeyId(user: AwsUser): string {
  return `classifyhub-local-${user}`
}

/** Who may do what in the local stack: an origin with the bucket of its region and every queue, the edge with photos alone. */
export function localIdentities({ awsSecretKeys }: Pick<Secrets, 'awsSecretKeys'>): Identity[] {
  const identity = (user: AwsUser, statements: Statement[]) => ({
    accessKeyId: accessKeyId(user),
    secretAccessKey: awsSecretKeys[user],
    statements,
  })
  // One origin's jobs may be for accounts of another region, so it sends to the queues of all.
  const queues: Statement = { Effect: 'Allow', Action: ['sqs:*'], Resource: ['*'] }
  return [
    ...regions.map(region => identity(region, [...originPolicy(resourceName(region)), queues])),
    identity(
      'edge',
      regions.flatMap(region => edgePolicy(resourceName(region))),
    ),
  ]
}

/** One who may do everything, for tests that are not about who may do what. */
export function almighty(keys: { accessKeyId: string; secretAccessKey: string }): Identity {
  return { ...keys, statements: [{ Effect: 'Allow', Action: ['*'], Resource: ['*'] }] }
}

/** Whether a statement allows it; `*` in one stands for any characters, as in IAM. */
export function isAllowed({ statements }: Identity, action: string, resource: string): boolean {
  return statements.some(
    ({ Action, Resource }) =>
      Action.some(pattern => matches(pattern, action)) && Resource.some(pattern => matches(pattern, resource)),
  )
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}
