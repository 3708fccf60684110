import type { AwsUser } from '../secrets.ts'

/** The access key id that a user of the local stack shows. */
export function accessKeyId(user: AwsUser): string {
  return `classifyhub-local-${user}`
}
