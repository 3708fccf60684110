import { type Form, formErrors } from '../frontend/page-model.ts'
import { AppError, type ErrorCode, errorTable } from '../shared/errors.ts'
import type { Exchange } from './exchange.ts'
import { readBody } from './request-body.ts'

export type Values = Record<string, string>

/**
 * Reads a form (application/x-www-form-urlencoded) with flat names; of a name given twice the first counts. Line breaks
 * are what was typed: forms send CRLF for them (HTML §4.10.21.3).
 * @throws AppError `unsupported_media_type`, `body_too_large`
 */
export async function readForm(exchange: Exchange): Promise<Values> {
  const { request } = exchange
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) throw new AppError('unsupported_media_type')
  const text = new TextDecoder().decode((await readBody(request)) ?? new ArrayBuffer(0))
  const values: Values = {}
  for (const [name, value] of new URLSearchParams(text)) values[name] ??= value.replace(/\r\n?/g, '\n')
  exchange.typed = values
  return values
}

/** Says it as a person would, where the title of the error alone would not help. */
const words: Partial<Record<ErrorCode, string>> = {
  precondition_failed:
    'This post was changed somewhere else since you opened it. Your text is still here; send it again to replace that change.',
  region_unavailable: 'Our side does not answer right now. Nothing is lost: send it again in a minute.',
  service_unavailable: 'This does not work right now. Nothing is lost: send it again in a minute.',
  deadline_exceeded: 'Our side took too long. Nothing is lost: send it again in a minute.',
  bad_gateway: 'Something went wrong on our side. Nothing is lost: send it again in a minute.',
  internal_error: 'Something went wrong on our side. Nothing is lost: send it again in a minute.',
  unauthenticated: 'Sign in first. Your text is still here.',
  invalid_token: 'Your session has ended. Sign in again; your text is still here.',
  session_ended: 'Your session has ended. Sign in again; your text is still here.',
  idempotency_mismatch:
    'This form was sent before with another text. Look at your posts, then send it again if you want a second one.',
  idempotency_in_flight: 'The same form is just being stored. Wait a moment, then send it again.',
}

/** The form as it was typed, with what is wrong: by field where the answer names fields, else as a whole. */
export function formOf(
  values: Values,
  error: AppError,
  hide: readonly string[] = ['password', 'currentPassword'],
): Form {
  const shown = Object.entries(values).filter(([name]) => !hide.includes(name))
  const errors = formErrors(error.errors ?? [])
  const problem = words[error.code] ?? error.detail ?? errorTable[error.code][1]
  return {
    values: Object.fromEntries(shown),
    errors,
    ...(Object.keys(errors).length === 0 ? { problem } : {}),
  }
}
