import type { Config } from '../config.ts'

const reconnectEvery = 2_000

/**
 * Calls back on each NOTIFY of a channel, by a connection of its own that is made again when it is lost. Best effort: who
 * listens must poll as well. A pooler (Neon's host with `-pooler`) lends its connections to others between statements, so
 * nothing is heard there and none is made.
 * @returns a function that closes it
 */
export function listen(
  { url }: Pick<Config['database'], 'url'>,
  channel: string,
  onNotify: () => void,
): () => Promise<void> {
  if (/-pooler\./.test(new URL(url).hostname)) return async () => {}
  let closed = false
  let end = async () => {}
  let retry: NodeJS.Timeout | undefined
  void open()
  return async () => {
    closed = true
    clearTimeout(retry)
    await end()
  }

  async function open(): Promise<void> {
    const { default: pg } = await import('pg')
    if (closed) return
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000, keepAlive: true })
    let lost = false
    const again = () => {
      if (lost || closed) return
      lost = true
      client.end().catch(() => {})
      retry = setTimeout(open, reconnectEvery)
    }
    client.on('error', again)
    client.on('end', again)
    client.on('notification', onNotify)
    end = () => client.end().catch(() => {})
    try {
      await client.connect()
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
      onNotify() // what was said while nobody listened
    } catch {
      again()
    }
  }
}
