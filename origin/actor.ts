import type { Role } from '../shared/account.ts'
import type { Region } from '../shared/regions.ts'

/** Who acts: what a verified access token says. */
export type Actor = { id: string; sessionId: string; region: Region; name: string; role: Role }

/** Tells whether an actor may moderate. */
export function canModerate(actor: Actor): boolean {
  return actor.role === 'moderator' || actor.role === 'operator'
}
