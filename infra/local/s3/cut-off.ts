import type { IncomingMessage } from 'node:http'

const mostBytes = 8 * 1024 * 1024
const mostMs = 2_000
const checkMs = 10

/**
 * Lets the rest of a body that nobody wants run dry after the answer, so that its sender gets to read the answer, and ends the
 * connection when the rest is long or slow.
 */
export function cutOff(raw: IncomingMessage): void {
  if (raw.complete || raw.destroyed) return
  const { socket } = raw
  const from = socket.bytesRead
  const until = performance.now() + mostMs
  raw.unpipe()
  raw.resume()
  const timer = setInterval(() => {
    const isTooMuch = socket.bytesRead - from > mostBytes || performance.now() > until
    if (isTooMuch && !raw.complete) socket.destroy()
    if (raw.complete || socket.destroyed) clearInterval(timer)
  }, checkMs)
}
