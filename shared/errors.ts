import * as z from 'zod'
import './faults.ts'

/**
 * Every error that a client can meet: its code, HTTP status and title (RFC 9457 §3.1).
 * The text of a 4xx may say more in `detail`; a 5xx never does.
 */
export const errorTable = {
  bad_request: [400, 'The request cannot be understood'],
  invalid_json: [400, 'The body is not valid JSON'],
  invalid_cursor: [400, 'The cursor is not one of ours'],
  unsigned_request: [401, 'The request does not come from the edge'],
  unauthenticated: [401, 'Sign in first'],
  invalid_token: [401, 'The access token is not valid'],
  invalid_credentials: [401, 'The address or the password is wrong'],
  invalid_refresh_token: [401, 'The session has ended'],
  session_ended: [401, 'The session has ended'],
  forbidden: [403, 'This account may not do that'],
  cross_site_request: [403, 'The request came from another site'],
  wrong_region: [403, 'This account belongs to another region'],
  account_suspended: [403, 'This account is suspended'],
  messages_blocked: [403, 'Messages between you two are blocked'],
  not_found: [404, 'Nothing is here'],
  post_not_found: [404, 'There is no such post'],
  account_not_found: [404, 'There is no such account'],
  session_not_found: [404, 'There is no such session'],
  image_not_found: [404, 'There is no such photo'],
  export_not_found: [404, 'There is no such copy, or not any more'],
  category_not_found: [404, 'There is no such category'],
  thread_not_found: [404, 'There is no such conversation'],
  message_not_found: [404, 'There is no such message'],
  report_not_found: [404, 'There is no such report'],
  method_not_allowed: [405, 'This method is not allowed here'],
  conflict: [409, 'Somebody else changed it at the same time'],
  idempotency_in_flight: [409, 'The same request is still being answered'],
  illegal_transition: [409, 'The state of the post does not allow that'],
  renewed_recently: [409, 'The post was published or renewed in the last 48 hours'],
  messages_closed: [409, 'This post takes no messages any more'],
  too_many_images: [409, 'The post has as many photos as it can hold'],
  upload_incomplete: [409, 'The file has not arrived'],
  report_decided: [409, 'The report is decided already'],
  exported_recently: [409, 'A copy was asked for in the last 24 hours'],
  post_gone: [410, 'This post is no longer here'],
  precondition_failed: [412, 'It has changed since it was read'],
  body_too_large: [413, 'The body is too large'],
  unsupported_image: [415, 'This kind of picture cannot be shown'],
  unsupported_media_type: [415, 'This content type is not accepted'],
  misdirected_request: [421, 'Another region answers this'],
  invalid_input: [422, 'Some fields need another look'],
  invalid_or_used_token: [422, 'This link has expired or was used already'],
  idempotency_mismatch: [422, 'The idempotency key was used for another request'],
  place_outside_home_region: [422, 'The place lies outside your home region'],
  precondition_required: [428, 'The request needs If-Match'],
  rate_limited: [429, 'Too many requests'],
  internal_error: [500, 'Something went wrong on our side'],
  bad_gateway: [502, 'The region gave an answer that we cannot read'],
  region_unavailable: [503, 'The region does not answer'],
  service_unavailable: [503, 'This service is not available right now'],
  deadline_exceeded: [503, 'The answer took too long'],
} as const satisfies Record<string, readonly [number, string]>

export type ErrorCode = keyof typeof errorTable

/** One faulty field: a JSON path such as `price.amount`, and what is wrong with it in words. */
export const FieldError = z.object({ field: z.string(), message: z.string() })
export type FieldError = z.infer<typeof FieldError>

/** problem+json as we answer it (RFC 9457) with our members `code`, `requestId` and, on 422, `errors`. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    requestId: z.string(),
    errors: z.array(FieldError).optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>

type AppErrorOptions = {
  detail?: string
  errors?: FieldError[]
  headers?: Record<string, string>
  cause?: unknown
}

/** An error that a client is told of. The code decides status and title. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly detail: string | undefined
  readonly errors: FieldError[] | undefined
  readonly headers: Record<string, string>

  constructor(code: ErrorCode, { detail, errors, headers = {}, cause }: AppErrorOptions = {}) {
    super(detail ?? errorTable[code][1], { cause })
    this.name = 'AppError'
    this.code = code
    this.status = errorTable[code][0]
    this.detail = detail
    this.errors = errors
    this.headers = headers
  }

  /** Turns a failed zod parse into `invalid_input` with one entry a field. */
  static fromZod(error: z.core.$ZodError): AppError {
    return new AppError('invalid_input', { errors: fieldErrors(error.issues) })
  }
}

/** Gives the problem document of an error; a 5xx keeps its detail to itself. */
export function problemOf(error: AppError, requestId: string): Problem {
  const [status, title] = errorTable[error.code]
  const speaks = status < 500
  return {
    type: 'about:blank',
    title,
    status,
    code: error.code,
    ...(speaks && error.detail ? { detail: error.detail } : {}),
    requestId,
    ...(speaks && error.errors ? { errors: error.errors } : {}),
  }
}

/** A problem as an HTTP response with its own headers and `no-store`. */
export function problemResponse(error: AppError, requestId: string): Response {
  return new Response(JSON.stringify(problemOf(error, requestId)), {
    status: error.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...error.headers },
  })
}

function fieldErrors(issues: readonly z.core.$ZodIssue[]): FieldError[] {
  const all = issues.flatMap(issue => {
    const path = issue.path.map(String)
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => ({ field: [...path, key].join('.'), message: 'is not a known field' }))
    }
    return [{ field: path.join('.'), message: issue.message }]
  })
  // A value may break two rules that say the same of it.
  return all.filter(({ field, message }, index) => {
    return index === all.findIndex(other => other.field === field && other.message === message)
  })
}
