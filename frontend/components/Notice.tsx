import { Island } from '../island.tsx'
import type { Notice as Name } from '../page-model.ts'
import { Icon } from './Icon.tsx'

const texts: Readonly<Record<Name, string>> = {
  published: 'Your post is public.',
  draft: 'Saved as a draft. Only you see it.',
  saved: 'Your changes are saved.',
  withdrawn: 'Taken down. You can publish it again whenever you like.',
  reserved: 'Marked as reserved. It stays in the lists with a badge.',
  unreserved: 'Available again.',
  sold: 'Marked as sold. Well done.',
  renewed: 'Renewed. It is at the top of the lists again.',
  deleted: 'Deleted.',
  removed: 'Removed. The seller sees your reason.',
  restored: 'Put back as it was.',
  verified: 'Your address is confirmed and you are signed in.',
  profile: 'Your settings are saved.',
  password: 'Your password is changed. Your other sessions have ended.',
  'session-ended': 'That session has ended.',
  'sessions-ended': 'You are signed out everywhere else.',
  'password-reset': 'Your new password is set. Sign in with it.',
  'signed-out': 'You are signed out.',
  'address-asked': 'A mail is on its way to both addresses. The change is made when both have agreed.',
  'mail-saved': 'Saved. From now on we write to you about these only.',
  'photo-added': 'Your photo has arrived. In a moment it can be seen.',
  'photo-saved': 'Saved.',
  'photo-moved': 'Moved.',
  'photo-deleted': 'The photo is deleted.',
  'account-deleted':
    'Your account is deleted and your posts are hidden. Changed your mind? Sign in within 14 days and all of it is back.',
  'account-restored': 'Welcome back. Your account is not deleted any more, and your posts are shown again.',
  'export-asked': 'Your copy is being made. A mail tells you when it is here.',
  blocked: 'Blocked. This person can write to you no more.',
  unblocked: 'Unblocked. You can write to each other again.',
  reported: 'Thank you. A moderator will look at it.',
  decided: 'Decided. Whoever it concerns is told.',
}

/** What has just happened, in one line. A kept draft is forgotten once its post is stored. */
export function Notice({ notice }: { notice: Name | null }) {
  if (!notice) return null
  const line = (
    <p class="notice" role="status">
      <Icon name="circle-check" />
      {texts[notice]}
    </p>
  )
  const stored = notice === 'published' || notice === 'draft' || notice === 'saved'
  return stored ? <Island name="forget-draft">{line}</Island> : line
}
