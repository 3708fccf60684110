/**
 * Tells whether an error means that Postgres cannot be reached, or could not end its work now: nobody connects, a
 * connection is lost, a statement ran out of time, the server stops or is full. Knows what `pg` and Neon's driver throw.
 */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AggregateError && error.errors.some(isDatabaseOutage)) return true
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && (outageStates.test(code) || systemErrors.has(code))) return true
  return driverWords.test(error.message) || isDatabaseOutage(error.cause)
}

/** Gives what was thrown as an Error. Neon's driver rejects with the event of its WebSocket, which is none. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('Connection terminated: the WebSocket failed', { cause: thrown })
}

/**
 * SQLSTATE (PostgreSQL, appendix A): 08 connection, 53 too little of something (too many connections), 57014 statement
 * timeout, 57P01 to 57P05 shutdown, crash, starting up, idle too long; 25P03 and 25P04 a transaction that took too long.
 */
const outageStates = /^(08\w{3}|53\w{3}|57014|57P0[1-5]|25P0[34])$/

const systemErrors = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'EMFILE', 'ENFILE'],
])

/** What both drivers say where they give no code. */
const driverWords =
  /^(Connection terminated|timeout (expired|exceeded when trying to connect)|Query read timeout|Client (has encountered a connection error|was closed) and is not queryable)/
