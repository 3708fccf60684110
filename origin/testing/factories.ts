import type { Locale, Role } from '../../shared/account.ts'
import { hashPassword } from '../accounts/passwords.ts'
import { createSession } from '../accounts/sessions.ts'
import { createVerifiedAccount } from '../accounts/verified-accounts.ts'
import type { Actor } from '../actor.ts'
import type { Context } from '../context.ts'
import type { TestOrigin } from './harness.ts'

export type TestAccountInput = {
  email?: string
  password?: string
  displayName?: string
  role?: Role
  country?: string
  locale?: Locale
  currency?: string
  createdAt?: Date
}

export type TestAccount = {
  id: string
  email: string
  password: string
  displayName: string
  role: Role
  /** An access token, good for ten minutes of the origin's clock. */
  token: string
  refreshToken: string
  sessionId: string
  /** The same person, for verbs that are called without HTTP. */
  actor: Actor
}

const usualPassword = 'correct horse battery 9'
let usualHash: Promise<string> | undefined

/** Makes a verified account with a session. The usual password is hashed once a process. */
export async function createAccount(ctx: Context, input: TestAccountInput = {}): Promise<TestAccount> {
  const { password = usualPassword, ...rest } = input
  usualHash ??= hashPassword(usualPassword)
  const secret = password === usualPassword ? { passwordHash: await usualHash } : { password }
  const account = await createVerifiedAccount(ctx, {
    email: uniqueEmail(),
    displayName: 'Maria Example',
    ...rest,
    ...secret,
  })
  const grant = await createSession(ctx, account, { userAgent: 'test', country: null })
  const sessionId = sessionIdOf(grant.accessToken)
  const { id, email, display_name: displayName, role } = account
  const actor = { id, sessionId, region: ctx.region, name: displayName, role }
  return {
    id,
    email,
    password,
    displayName,
    role,
    token: grant.accessToken,
    refreshToken: grant.refreshToken,
    sessionId,
    actor,
  }
}

/** Signs in over HTTP. @returns the access token */
export async function signIn({ request }: TestOrigin, email: string, password: string): Promise<string> {
  const reply = await request('POST', '/sessions', { body: { email, password } })
  if (reply.status !== 201) throw new Error(`Cannot sign in as ${email}: ${reply.status} ${reply.text}`)
  return reply.body.accessToken
}

/** An address that no other test has. */
export function uniqueEmail(): string {
  return `${crypto.randomUUID()}@example.com`
}

/** The id of the session that an access token belongs to. */
function sessionIdOf(accessToken: string): string {
  const [, payload = ''] = accessToken.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()).sid
}
