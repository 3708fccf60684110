/**
 * Bounds retries to a share of the requests, so that they cannot double the load of a region in trouble (the retry
 * budget of Finagle and Envoy): every request earns `ratio` of a retry, of which at most `reserve` are kept.
 */
export function createRetryBudget({ ratio, reserve }: { ratio: number; reserve: number }) {
  let balance = reserve
  return {
    earn(): void {
      balance = Math.min(reserve, balance + ratio)
    },
    /** Takes one retry; false when none is left. */
    spend(): boolean {
      if (balance < 1) return false
      balance -= 1
      return true
    },
  }
}
