import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  noJitterGenerator,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import { AppError } from '../../shared/errors.ts'
import { OpenSearchError } from '../adapters/opensearch.ts'
import type { Context } from '../context.ts'
import type { SearchEngine } from './engine.ts'
import type { AskEngine } from './searching.ts'

/** Milliseconds that a question to OpenSearch may take before Postgres is asked instead. */
export const patience = 1_000
/** Failures in a row after which OpenSearch is left alone, and milliseconds until one question tries it again: longer each time. */
const mostFailures = 3
const pause = { initialDelay: 1_000, maxDelay: 30_000, generator: noJitterGenerator }

/**
 * Gives what asks the engine that works: OpenSearch where there is one, Postgres when it fails, is slow or has no index. Faults of
 * a question are nobody's failure: OpenSearch goes on being asked the others, and Postgres answers what it alone cannot read. A list by relevance is only continued by the engine that began it: an answer that OpenSearch
 * alone can give is `invalid_cursor` while it is away, upon which pages begin the list again.
 */
export function createAsk({
  postgres,
  openSearch,
  log,
}: {
  postgres: SearchEngine
  openSearch: SearchEngine | undefined
  log: Context['log']
}): AskEngine {
  const breaker = circuitBreaker(
    handleWhen(error => !(error instanceof AppError || isMalformed(error))),
    { halfOpenAfter: new ExponentialBackoff(pause), breaker: new ConsecutiveBreaker(mostFailures) },
  )
  breaker.onBreak(() => log.error('OpenSearch fails: Postgres searches until it answers again'))
  breaker.onReset(() => log.info('OpenSearch answers again'))
  const policy = wrap(breaker, timeout(patience, TimeoutStrategy.Aggressive))

  return async (question, only) => {
    if (openSearch && only !== 'postgres') {
      try {
        // While one question tries it, the others do not wait for how that ends.
        if (breaker.state === CircuitState.HalfOpen) throw new Error('OpenSearch is being tried')
        return { value: await policy.execute(() => question(openSearch)), engine: 'opensearch', degraded: false }
      } catch (error) {
        if (error instanceof AppError) throw error
        if (isMalformed(error)) log.warn({ err: error }, 'OpenSearch cannot read a question, Postgres answers it')
        else if (breaker.state === CircuitState.Closed)
          log.warn({ err: error }, 'OpenSearch did not answer, Postgres does')
      }
    }
    if (only === 'opensearch') {
      const detail = 'The search that this list began with is away: begin again without a cursor'
      throw new AppError('invalid_cursor', { detail })
    }
    return { value: await question(postgres), engine: 'postgres', degraded: openSearch !== undefined }
  }
}

/** A question that OpenSearch cannot read: were it a failure, whoever asks three of them would turn OpenSearch off for all. */
function isMalformed(error: unknown): boolean {
  return error instanceof OpenSearchError && error.fault === 'malformed'
}
