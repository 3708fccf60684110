import type { AddressState } from '../../shared/account.ts'
import { Icon } from './Icon.tsx'

/** Says that our mail does not arrive, and what to do; nothing where it does. */
export function MailTrouble({ trouble }: Pick<AddressState, 'trouble'>) {
  if (!trouble) return null
  return (
    <div class="problems">
      <Icon name="circle-alert" />
      <div>
        <p>{trouble === 'bounced' ? 'Mail to your address came back.' : 'You marked a mail of ours as spam.'}</p>
        {trouble === 'bounced'
          ? 'We write to it no more, except when you ask for a new password. Change it, so that you hear of messages and of your account’s safety.'
          : 'We send no more notices to this address, only what concerns your account’s safety. To hear from us again, save what you want under “Address and mail”.'}
      </div>
    </div>
  )
}
