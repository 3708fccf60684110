import { AppError, type FieldError } from '../../shared/errors.ts'
import { PostInput, PostRecord, type Status } from '../../shared/post.ts'
import type { Region } from '../../shared/regions.ts'
import { requireSound } from './checking.ts'
import { ForeignAd, mapForeignAd } from './foreign-ad.ts'
import { expiryOf, longestStay } from './renewal.ts'

const day = 86_400_000
const spreadBack = 7 * day

type Dates = 'createdAt' | 'publishedAt' | 'bumpedAt' | 'expiresAt' | 'soldAt' | 'endedAt'

/** A line that is understood: the post, its state and times, and how many attributes of the source found no place. */
export type ImportItem = {
  externalId: string
  post: PostInput
  status: Status
  dates: Record<Dates, Date | null>
  dropped: number
}
export type ParsedLine = { ok: true; item: ImportItem } | { ok: false; errors: FieldError[] }

/**
 * Understands a line of an import: our own export (it has an `externalId`) or an ad as in `listings.ndjson`.
 * @param now foreign ads count as shown within the seven days before it
 */
export function parseLine(text: string, region: Region, now: Date): ParsedLine {
  const value = readObject(text)
  if (!value) return refused('', 'is not a JSON object')
  try {
    const item = 'externalId' in value ? itemOfRecord(value, now) : itemOfAd(value, now)
    requireSound(item.post, region)
    return { ok: true, item }
  } catch (error) {
    if (error instanceof AppError && error.errors) return { ok: false, errors: error.errors }
    throw error
  }
}

function itemOfAd(value: object, now: Date): ImportItem {
  const ad = ForeignAd.safeParse(value)
  if (!ad.success) throw AppError.fromZod(ad.error)
  const { post, shown, dropped } = mapForeignAd(ad.data)
  const checked = PostInput.safeParse(post)
  if (!checked.success) throw AppError.fromZod(checked.error)
  const at = new Date(now.getTime() - Math.floor(shown * spreadBack))
  const dates = {
    createdAt: at,
    publishedAt: at,
    bumpedAt: at,
    expiresAt: expiryOf(post.category, at),
    soldAt: null,
    endedAt: null,
  }
  return { externalId: ad.data.id, post: checked.data, status: 'active', dates, dropped }
}

function itemOfRecord(value: object, now: Date): ImportItem {
  const record = PostRecord.safeParse(value)
  if (!record.success) throw AppError.fromZod(record.error)
  const { externalId, status, createdAt, publishedAt, bumpedAt, expiresAt, soldAt, endedAt, ...post } = record.data
  const texts = { createdAt, publishedAt, bumpedAt, expiresAt, soldAt, endedAt }
  const dates = Object.fromEntries(
    Object.entries(texts).map(([name, time]) => [name, time === null ? null : new Date(time)]),
  ) as Record<Dates, Date | null>
  const errors = dateFaults(externalId, status, dates, now)
  if (errors.length > 0) throw new AppError('invalid_input', { errors })
  return { externalId, post, status, dates, dropped: 0 }
}

/** Times that would let a post stand above all others, or for ever, are refused. */
function dateFaults(externalId: string, status: Status, dates: Record<Dates, Date | null>, now: Date): FieldError[] {
  const faults: FieldError[] = []
  if (/[\u0000-\u001f\u007f]/.test(externalId) || !externalId.isWellFormed())
    faults.push({ field: 'externalId', message: 'must be plain text' })
  const shown = status === 'active' || status === 'reserved'
  const needed: Dates[] = shown
    ? ['publishedAt', 'bumpedAt', 'expiresAt']
    : status === 'sold'
      ? ['publishedAt', 'soldAt']
      : []
  for (const field of needed)
    if (dates[field] === null) faults.push({ field, message: `is needed for status "${status}"` })
  for (const field of ['createdAt', 'publishedAt', 'bumpedAt', 'soldAt', 'endedAt'] as const) {
    if (dates[field] && dates[field] > now) faults.push({ field, message: 'must not lie in the future' })
  }
  for (const [field, date] of Object.entries(dates)) {
    if (date && date.getTime() < 0) faults.push({ field, message: 'must not lie before 1970' })
  }
  const { bumpedAt, expiresAt } = dates
  if (bumpedAt && expiresAt && expiresAt.getTime() - bumpedAt.getTime() > longestStay) {
    faults.push({ field: 'expiresAt', message: 'must be at most 90 days after bumpedAt' })
  }
  return faults
}

function readObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function refused(field: string, message: string): ParsedLine {
  return { ok: false, errors: [{ field, message }] }
}
