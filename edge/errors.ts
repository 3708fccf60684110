import { AppError, type ErrorCode, errorTable, Problem } from '../shared/errors.ts'
import type { OriginReply } from './origin-client.ts'

/** Turns an origin's answer of 400 or more back into the error that it was. */
export function errorOfReply(reply: OriginReply): AppError {
  const problem = Problem.safeParse(jsonOf(reply))
  const code = problem.data?.code
  if (!problem.success || !code || !(code in errorTable)) {
    return new AppError(reply.status === 404 ? 'not_found' : 'bad_gateway')
  }
  const { detail, errors } = problem.data
  const retryAfter = reply.headers.get('retry-after')
  return new AppError(code as ErrorCode, {
    ...(detail ? { detail } : {}),
    ...(errors ? { errors } : {}),
    ...(retryAfter ? { headers: { 'retry-after': retryAfter } } : {}),
  })
}

/** Anything thrown as an error that may be told: what is not ours says nothing. */
export function knownError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('internal_error', { cause: error })
}

/** Parses the JSON of a reply; undefined when there is none. */
export function jsonOf(reply: OriginReply): unknown {
  try {
    return reply.body ? JSON.parse(new TextDecoder().decode(reply.body)) : undefined
  } catch {
    return undefined
  }
}
