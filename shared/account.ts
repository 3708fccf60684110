import * as z from 'zod'
import { Currency } from './money.ts'
import { Country } from './place.ts'
import { regions } from './regions.ts'
import { countCodePoints, steadyLine } from './text.ts'

export const roles = ['member', 'moderator', 'operator'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** An e-mail address as people have them; normalised by `normaliseEmail` before it is compared or kept. */
export const Email = z
  .string()
  .max(254, 'must have at most 254 characters')
  .transform(value => value.trim())
  .pipe(z.email('must be an e-mail address such as "maria@example.com"'))
  .meta({ id: 'Email', format: 'email' })

/** Gives the form under which an address is unique: lower case, NFC, no white space around it. */
export function normaliseEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}

export const passwordLength = { min: 12, max: 256 } as const

/** A new password: 12 to 256 code points, any of them (NIST SP 800-63B-4 §3.1.1). The list of common ones is the origin's. */
export const NewPassword = z
  .string()
  .max(1024, { error: 'must have at most 256 characters', abort: true })
  .refine(value => value.isWellFormed(), 'must be well-formed Unicode')
  .refine(value => countCodePoints(value) >= passwordLength.min, 'must have at least 12 characters')
  .refine(value => countCodePoints(value) <= passwordLength.max, 'must have at most 256 characters')
  .meta({ minLength: passwordLength.min, maxLength: passwordLength.max })

const Password = z.string().min(1, 'must not be empty').max(1024, 'is too long')
const Token = z.string().min(1).max(512)

/** A name stands in the middle of our sentences. */
export const DisplayName = steadyLine(1, 60)

/** The locales that pages are formatted in (dates, numbers, prices); texts are English for now. */
export const locales = ['en-US', 'en-GB', 'de-DE', 'fr-FR', 'es-ES', 'pt-BR', 'ja-JP', 'en-IN', 'en-AU'] as const
export const Locale = z.enum(locales)
export type Locale = z.infer<typeof Locale>

export const TimeZone = z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as "America/Sao_Paulo"')

export const Registration = z
  .strictObject({ email: Email, password: NewPassword, displayName: DisplayName, country: Country.optional() })
  .meta({ id: 'Registration' })
export type Registration = z.infer<typeof Registration>

export const VerificationNext = z.object({ next: z.literal('verify') }).meta({ id: 'VerificationNext' })
export const TokenInput = z.strictObject({ token: Token }).meta({ id: 'TokenInput' })
export const EmailInput = z.strictObject({ email: Email }).meta({ id: 'EmailInput' })
export const PasswordReset = z.strictObject({ token: Token, password: NewPassword }).meta({ id: 'PasswordReset' })
export const Credentials = z.strictObject({ email: Email, password: Password }).meta({ id: 'Credentials' })
export type Credentials = z.infer<typeof Credentials>
export const RefreshInput = z.strictObject({ refreshToken: Token }).meta({ id: 'RefreshInput' })
export const PasswordChange = z
  .strictObject({ currentPassword: Password, password: NewPassword })
  .meta({ id: 'PasswordChange' })
export const AccountDeletion = z.strictObject({ password: Password }).meta({ id: 'AccountDeletion' })
export const AccountPatch = z
  .strictObject({ displayName: DisplayName, locale: Locale, timeZone: TimeZone, currency: Currency })
  .partial()
  .meta({ id: 'AccountPatch' })
export type AccountPatch = z.infer<typeof AccountPatch>

/** An account as its holder sees it. */
export const Account = z
  .object({
    id: z.string(),
    email: z.string(),
    displayName: z.string(),
    role: Role,
    region: z.enum(regions),
    country: Country,
    locale: Locale,
    timeZone: z.string(),
    currency: z.string(),
    /** Our mail to it came back, or its holder called it spam. */
    mailTrouble: z.enum(['bounced', 'complained']).nullable(),
    createdAt: z.iso.datetime(),
    version: z.number().int(),
  })
  .meta({ id: 'Account' })
export type Account = z.infer<typeof Account>

export const AddressChange = z.strictObject({ email: Email, password: Password }).meta({ id: 'AddressChange' })

/** An account's address: whether it takes our mail, and the one that it is to be changed to once both have agreed. */
export const AddressState = z
  .object({
    email: z.string(),
    trouble: z.enum(['bounced', 'complained']).nullable(),
    change: z
      .object({ email: z.string(), confirmed: z.boolean(), approved: z.boolean(), expiresAt: z.iso.datetime() })
      .nullable(),
  })
  .meta({ id: 'AddressState' })
export type AddressState = z.infer<typeof AddressState>

/** A signed-in session with its tokens; `expiresIn` is seconds until the access token expires. */
export const SessionGrant = z
  .object({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.number().int(),
    refreshToken: z.string(),
    account: Account,
    /** The account was deleted, and this sign-in has taken that back. */
    restored: z.literal(true).optional(),
  })
  .meta({ id: 'SessionGrant' })
export type SessionGrant = z.infer<typeof SessionGrant>

export const Session = z
  .object({
    id: z.string(),
    current: z.boolean(),
    userAgent: z.string().nullable(),
    country: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>
export const SessionList = z.object({ items: z.array(Session) }).meta({ id: 'SessionList' })

/** The claims of an access token (architecture, decision 2; RFC 7519, RFC 9068 in spirit). */
export const AccessClaims = z.object({
  iss: z.enum(regions),
  aud: z.literal('classifyhub'),
  sub: z.string(),
  sid: z.string(),
  name: z.string(),
  role: Role,
  iat: z.number().int(),
  exp: z.number().int(),
  jti: z.string(),
})
export type AccessClaims = z.infer<typeof AccessClaims>

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
