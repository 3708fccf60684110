import { cacheTags } from '../shared/cache-tags.ts'
import type { AppError } from '../shared/errors.ts'
import { regionOfId } from '../shared/ids.ts'
import type { ImageAccess } from '../shared/media.ts'
import { createSingleFlight } from '../shared/single-flight.ts'
import { callApi } from './dispatch.ts'
import { knownError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import { createLru } from './lru.ts'
import type { LogPosition, PurgeReader } from './purge.ts'
import { hasSessionCookie, readSession } from './session.ts'

/** An origin's public answer, kept under the tags of its post and seller: when it was given, and how far the purge log went then. */
type Answer = { access: ImageAccess; confirmedAt: number; position: LogPosition }

/** What lives as long as the isolate: public answers, and the questions under way. */
export type KnownImages = ReturnType<typeof createKnownImages>
export function createKnownImages() {
  return {
    answers: createLru<Answer>({ capacity: 10_000, sizeOf: () => 1 }),
    once: createSingleFlight<Answer>({ patience: 2_500 }),
  }
}

/** An answer is as good as the log for as long as the log may be behind; then the log must vouch for it, for so long at most. In milliseconds. */
const window = 4_000
const maxAge = 600_000
/** How long an answer holds when neither the log nor the origin can be reached, in milliseconds. */
const staleIfError = 3_600_000

/**
 * Finds out where a photo lies, for somebody who may see it. Everybody is told the same of a public one, from what is kept here
 * while the purge log vouches for it (architecture, decision 5); only for a photo that is not public the origin is asked who asks.
 * @returns `shared`: whether everybody may see it
 * @throws AppError `image_not_found`, or what the region's trouble is
 */
export async function findImage(
  gateway: Gateway,
  exchange: Exchange,
  id: string,
): Promise<{ access: ImageAccess; shared: boolean }> {
  const { purges, knownImages } = gateway
  const informed = await purges.refresh(exchange)
  const answer = knownImages.answers.get(id)
  if (answer && isCurrent(answer, informed, gateway)) return { access: answer.access, shared: true }
  try {
    const shared = await knownImages.once(id, () => ask(gateway, exchange, id))
    // An answer that took long, for somebody before, may have been overtaken by what is known by now.
    const overtaken = shared.position !== null && isStale(shared, purges)
    const { access } = overtaken ? await ask(gateway, exchange, id) : shared
    return { access, shared: access.public }
  } catch (cause) {
    const error = knownError(cause)
    if (error.status < 500) {
      if (answer) forget(gateway, exchange, answer)
      return { access: await askAsViewer(gateway, exchange, id, error), shared: false }
    }
    if (!answer || !isBearable(answer, informed, gateway)) throw error
    gateway.log.warn('photo served degraded', { requestId: exchange.requestId, image: id })
    return { access: answer.access, shared: true }
  }
}

/** Asks as a stranger. The place in the log is taken first: what is purged while the origin answers makes the answer stale. */
async function ask(gateway: Gateway, exchange: Exchange, id: string): Promise<Answer> {
  const asked = { confirmedAt: gateway.now(), position: gateway.purges.position() }
  const answer = { access: await callApi(gateway, exchange, 'readImage', { id }), ...asked }
  if (answer.access.public) gateway.knownImages.answers.set(id, answer)
  return answer
}

/** @param refused what a stranger is told, and whoever has no session that helps */
async function askAsViewer(gateway: Gateway, exchange: Exchange, id: string, refused: AppError): Promise<ImageAccess> {
  const session = hasSessionCookie(exchange) ? await readSession(gateway, exchange) : null
  if (!session) throw refused
  try {
    return await callApi(gateway, exchange, 'readImage', { id, session })
  } catch (cause) {
    const error = knownError(cause)
    throw error.status < 500 ? refused : error
  }
}

function forget({ knownImages, imageStore }: Gateway, exchange: Exchange, { access: { id, folder } }: Answer): void {
  knownImages.answers.delete(id)
  const region = regionOfId(id)
  // Demo photos share their folders: another post may show the same bytes.
  if (region && folder.endsWith(`/${id}`)) imageStore.drop(exchange, region, folder)
}

type Judges = { purges: PurgeReader; now: () => number }

function isCurrent(answer: Answer, informed: boolean, { purges, now }: Judges): boolean {
  const age = now() - answer.confirmedAt
  if (age >= maxAge || isOver(answer, now)) return false
  if (answer.position === null) return age < window
  return !isStale(answer, purges) && (informed || age < window)
}

/** Whether an answer may stand for one that cannot be had: nothing that is known speaks against it. */
function isBearable(answer: Answer, informed: boolean, { purges, now }: Judges): boolean {
  if (now() - answer.confirmedAt >= staleIfError || isOver(answer, now)) return false
  return !isStale(answer, purges) || (answer.position === null && !informed)
}

function isStale({ access, position }: Answer, purges: PurgeReader): boolean {
  return purges.isStale({ position, tags: [cacheTags.post(access.postId), cacheTags.seller(access.sellerId)] })
}

function isOver({ access: { until } }: Answer, now: () => number): boolean {
  return until !== null && Date.parse(until) <= now()
}
