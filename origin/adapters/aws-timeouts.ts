/**
 * How long a client of AWS waits for a connection and for an answer; for its `requestHandler`.
 * @param seconds for an answer, from the first byte sent
 */
export function timeouts(seconds: number) {
  // The SDK only warns of a late answer and waits on, for ever, unless it is told to throw.
  return { connectionTimeout: 2_000, requestTimeout: seconds * 1_000, throwOnRequestTimeout: true }
}
