import { type AccountPage, emptyForm, type Form, isNotice } from '../frontend/page-model.ts'
import { callApi } from './dispatch.ts'
import type { Exchange } from './exchange.ts'
import type { Gateway } from './gateway.ts'
import type { Session } from './session.ts'

/**
 * The account with its sessions and the copies of its data.
 * @param forms those that were sent and refused
 */
export async function accountPage(
  gateway: Gateway,
  exchange: Exchange,
  session: Session,
  forms: { profile?: Form; password?: Form; deletion?: Form; copies?: Form } = {},
): Promise<AccountPage> {
  const [account, { items }, exports] = await Promise.all([
    callApi(gateway, exchange, 'readMe', { session }),
    callApi(gateway, exchange, 'listSessions', { session }),
    callApi(gateway, exchange, 'listExports', { session }),
  ])
  const done = exchange.url.searchParams.get('done')
  return {
    name: 'account',
    account,
    sessions: items,
    exports,
    profile: emptyForm,
    password: emptyForm,
    deletion: emptyForm,
    copies: emptyForm,
    ...forms,
    notice: isNotice(done) ? done : null,
  }
}
