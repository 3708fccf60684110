import type { MailKind } from '../../shared/jobs.ts'
import type { MailTopic } from '../../shared/mail.ts'

export type MailPolicy = {
  /** The topic that it can be muted by; null for mail that always comes. `any`: muted only with all of them. */
  topic: MailTopic | 'any' | null
  /**
   * Whether it is sent to an address that bounced or complained. `asked`: its holder waits for it now, so it is tried.
   * `safety`: sent after a complaint, which is about the tone of our mail and no wish to be robbed unheard, and not after
   * a bounce. `never`: neither.
   */
  inTrouble: 'asked' | 'safety' | 'never'
  /**
   * What happens when a process died, or the line went dead, between handing it to SES and our record. `again`: sent
   * again at once, because somebody waits for it and two do no harm. `ask`: SES's own event is awaited, and it is sent
   * again only if there is none.
   */
  inDoubt: 'again' | 'ask'
}

const waitedFor = { topic: null, inTrouble: 'asked', inDoubt: 'again' } as const
const safety = { topic: null, inTrouble: 'safety', inDoubt: 'again' } as const
const standing = { topic: null, inTrouble: 'safety', inDoubt: 'ask' } as const
const notice = { inTrouble: 'never', inDoubt: 'ask' } as const

/** The one table of what we owe to whom. */
export const mailPolicy: Readonly<Record<MailKind, MailPolicy>> = {
  verify: waitedFor,
  reset: waitedFor,
  'confirm-address': waitedFor,
  'export-ready': waitedFor,
  'already-registered': safety,
  'password-changed': safety,
  'address-changed': safety,
  'new-sign-in': safety,
  'account-deleted': safety,
  'account-suspended': standing,
  'account-reinstated': standing,
  'post-removed': standing,
  'message-removed': standing,
  welcome: { ...notice, topic: 'any' },
  'new-message': { ...notice, topic: 'messages' },
  'post-published': { ...notice, topic: 'posts' },
  'post-expires-soon': { ...notice, topic: 'posts' },
  'post-expired': { ...notice, topic: 'posts' },
  'report-decided': { ...notice, topic: 'reports' },
}
