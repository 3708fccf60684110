import { createHmac, timingSafeEqual } from 'node:crypto'
import * as z from 'zod'
import { AppError } from '../../shared/errors.ts'
import { mailTopics } from '../../shared/mail.ts'
import { isRegion, type Region } from '../../shared/regions.ts'

/**
 * What a link of a mail entitles to. Each is bound to a state that its use ends, so that it works once: `until` is the
 * `expiresAt` of the post that the mail spoke of, `change` one wish for another address. Unsubscribing repeats harmlessly.
 * A download entitles to nothing by itself: it shows its account the way, until the moment that the mail named.
 */
export const Entitlement = z.discriminatedUnion('act', [
  z.object({ act: z.enum(['renew', 'sell']), account: z.string(), post: z.string(), until: z.number() }),
  z.object({ act: z.enum(['confirm-address', 'approve-address']), account: z.string(), change: z.string() }),
  z.object({ act: z.literal('unsubscribe'), account: z.string(), topic: z.enum(mailTopics).nullable() }),
  z.object({ act: z.literal('download'), account: z.string(), export: z.string(), until: z.number() }),
])
export type Entitlement = z.infer<typeof Entitlement>

const tagBytes = 16

/**
 * Signs what a link entitles to: `<region>_` and base64url of HMAC-SHA-256, cut to 128 bits (RFC 2104 §5), and JSON. The
 * region comes first so that the edge knows where to send it; the server keeps nothing of it.
 */
export function signLink(region: Region, key: Buffer, entitlement: Entitlement): string {
  const said = Buffer.from(JSON.stringify(entitlement))
  return `${region}_${Buffer.concat([tagOf(region, key, said), said]).toString('base64url')}`
}

/** Reads a link that this region signed. @throws invalid_or_used_token for any other text */
export function readLink(region: Region, key: Buffer, token: string): Entitlement {
  const bytes = Buffer.from(token.slice(3), 'base64url')
  const ours =
    /^[a-z]{2}_[\w-]+$/.test(token) &&
    isRegion(token.slice(0, 2)) &&
    token.startsWith(region) &&
    bytes.length > tagBytes &&
    bytes.toString('base64url') === token.slice(3)
  if (!ours) throw new AppError('invalid_or_used_token')
  const said = bytes.subarray(tagBytes)
  if (!timingSafeEqual(bytes.subarray(0, tagBytes), tagOf(region, key, said)))
    throw new AppError('invalid_or_used_token')
  return Entitlement.parse(JSON.parse(said.toString()))
}

function tagOf(region: Region, key: Buffer, said: Buffer): Buffer {
  return createHmac('sha256', key).update(region).update(said).digest().subarray(0, tagBytes)
}
