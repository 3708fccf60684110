import { AwsClient } from 'aws4fetch'
import { AppError } from '../shared/errors.ts'
import { deadlines } from '../shared/headers.ts'
import { type Region, regions } from '../shared/regions.ts'
import type { Settings } from './bindings.ts'
import type { Exchange } from './exchange.ts'
import type { Log } from './log.ts'
import { createRetryBudget } from './retry-budget.ts'

/** Gives the bytes of one object of a region's bucket. */
export type ReadObject = (exchange: Exchange, region: Region, key: string) => Promise<ArrayBuffer>

/** Our key may list nothing, and S3 does not tell such a one what is missing: it is denied, as what may not be read is. */
const missing = new Set(['NoSuchKey', 'AccessDenied'])

/** What trying again may mend; anything else the bucket says is final. */
class Passing extends Error {}

/**
 * Reads from the regions' private buckets by GETs that are signed with the edge's own key (AWS Signature Version 4), 2 s a try, all
 * of the body included. It tries once more where that may help and the region's budget allows it, within the exchange's deadline.
 * What it returns throws AppError `image_not_found` where there is no such object, `service_unavailable` where the bucket does not
 * answer, `bad_gateway` where it answers something else.
 */
export function createBucketReader(
  { buckets, mediaKey }: Pick<Settings, 'buckets' | 'mediaKey'>,
  log: Log,
  now: () => number,
): ReadObject {
  const signer = new AwsClient({ ...mediaKey, service: 's3', retries: 0 })
  const budgets = new Map(regions.map(region => [region, createRetryBudget({ ratio: 0.1, reserve: 10 })]))

  return async (exchange, region, key) => {
    const budget = budgets.get(region)
    budget?.earn()
    try {
      return await attempt(exchange, region, key)
    } catch (error) {
      if (error instanceof AppError) throw error
      const again = budget?.spend() === true
      log.warn('bucket did not answer', { region, requestId: exchange.requestId, again, error: String(error) })
      if (!again) throw unavailable(error)
    }
    return attempt(exchange, region, key).catch(error => {
      throw error instanceof AppError ? error : unavailable(error)
    })
  }

  async function attempt(exchange: Exchange, region: Region, key: string): Promise<ArrayBuffer> {
    const bucket = buckets[region]
    if (!bucket) throw new AppError('region_unavailable', { headers: { 'retry-after': '10' } })
    const left = Math.min(deadlines.dependency, exchange.deadline - now())
    if (left <= 0) throw new AppError('deadline_exceeded')
    const signed = await signer.sign(`${bucket.url}/${key}`, { method: 'GET', aws: { region: bucket.awsRegion } })
    const response = await fetch(signed, { redirect: 'manual', signal: AbortSignal.timeout(left) })
    if (response.status === 200) return response.arrayBuffer()
    const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? 'none'
    if (response.status >= 500 || response.status === 429) throw new Passing(`it answered ${response.status} ${code}`)
    log.error('bucket refuses an object', { region, requestId: exchange.requestId, key, status: response.status, code })
    throw new AppError(missing.has(code) ? 'image_not_found' : 'bad_gateway')
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError('service_unavailable', { cause, headers: { 'retry-after': '10' } })
}
