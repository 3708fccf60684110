import { request as send } from 'node:http'

export type Reply = {
  status: number
  headers: Record<string, string>
  cookies: string[]
  bytes: Buffer
  text: string
  json: () => unknown
}
export type Ask = { method?: string; headers?: Record<string, string | string[]>; body?: string | Uint8Array }

/** A plain HTTP/1.1 client: unlike fetch it sends every header as given, `Host` included, and follows nothing. */
export function ask(base: string, path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Reply> {
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const outgoing = send({ hostname, port, path, method, headers, agent: false }, incoming => {
      const chunks: Buffer[] = []
      incoming.on('data', chunk => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString('utf8')
        const given = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(given),
          cookies: incoming.headers['set-cookie'] ?? [],
          bytes,
          text,
          json: () => JSON.parse(text),
        })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

/** The headers and body of a form that one of our own pages sends. */
export function formOf(site: string, values: Record<string, string>, headers: Record<string, string> = {}): Ask {
  return {
    method: 'POST',
    body: new URLSearchParams(values).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: site,
      'sec-fetch-site': 'same-origin',
      ...headers,
    },
  }
}
