import { afterAll, beforeAll, describe, it } from 'vitest'
import { describeBodies } from './contract/bodies.ts'
import { describeBrowsers } from './contract/browsers.ts'
import { describeObjects } from './contract/objects.ts'
import { describePermissions } from './contract/permissions.ts'
import { describePosted } from './contract/posted.ts'
import { describePresigned } from './contract/presigned.ts'
import { describeSigned } from './contract/signed.ts'
import { openLocalTarget, openRealTarget, type Target } from './contract/target.ts'

/*
 * What AWS documents of S3, case by case, as far as we lean on it: our stand-in must do the same, so that what passes here passes
 * there. The same cases run against a bucket of AWS where the environment names one (docs/bucket.md).
 */
const real = openRealTarget()
const targets: [string, () => Promise<Target>][] = [['the local stack', openLocalTarget]]
if (real) targets.push([`AWS, ${real.bucket}`, async () => real])
else it.skip('S3 of AWS: not held against the contract, for S3_CONTRACT_BUCKET is not set (docs/bucket.md)', () => {})

describe.each(targets)('S3 of %s', (_, open) => {
  let target: Target
  beforeAll(async () => {
    target = await open()
  })
  afterAll(() => target?.close())

  describeSigned(() => target)
  describePresigned(() => target)
  describeBodies(() => target)
  describePosted(() => target)
  describeObjects(() => target)
  describePermissions(() => target)
  describeBrowsers(() => target)
})
