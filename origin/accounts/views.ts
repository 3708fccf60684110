import type { Selectable } from 'kysely'
import type { Account, Locale, Session } from '../../shared/account.ts'
import type { Region } from '../../shared/regions.ts'
import type { AccountsTable, SessionsTable } from '../db/schema.ts'

/** An account as its holder sees it. */
export function accountView(row: Selectable<AccountsTable>, region: Region): Account {
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    role: row.role,
    region,
    country: row.country,
    locale: row.locale as Locale,
    timeZone: row.time_zone,
    currency: row.currency,
    mailTrouble: row.mail_trouble,
    createdAt: row.created_at.toISOString(),
    version: row.version,
  }
}

/** A session as its holder sees it in the list of their own. */
export function sessionView(row: Selectable<SessionsTable>, currentId: string): Session {
  return {
    id: row.id,
    current: row.id === currentId,
    userAgent: row.user_agent,
    country: row.country,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }
}
