import { AsyncLocalStorage } from 'node:async_hooks'

const traces = new AsyncLocalStorage<string | null>()

/**
 * Does a piece of work as part of a trace: a request's or a job's. Whatever it records for later carries that trace on.
 * @param traceparent W3C Trace Context, or null where nobody began one
 */
export function inTrace<T>(traceparent: string | null, work: () => T): T {
  return traces.run(traceparent, work)
}

/** The trace that the present work is part of; null outside any. */
export function currentTrace(): string | null {
  return traces.getStore() ?? null
}
