/** A browser without JavaScript, over fetch: keeps cookies, follows nothing by itself, sends forms as browsers do. */
export function createVisitor(site: string) {
  const jar = new Map<string, string>()

  async function send(path: string, init: RequestInit = {}): Promise<Reply> {
    const headers = new Headers(init.headers)
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(new URL(path, site), { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) keep(cookie)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  function keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';').map(part => part.trim())
    const at = pair.indexOf('=')
    if (attributes.some(attribute => /^max-age=0$/i.test(attribute))) jar.delete(pair.slice(0, at))
    else jar.set(pair.slice(0, at), pair.slice(at + 1))
  }

  return {
    jar,
    get: (path: string, headers: Record<string, string> = {}) => send(path, { headers }),
    /** Sends a form from a page of the site itself. */
    post: (path: string, values: Record<string, string>, headers: Record<string, string> = {}) =>
      send(path, {
        method: 'POST',
        body: new URLSearchParams(values).toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          origin: new URL(site).origin,
          'sec-fetch-site': 'same-origin',
          ...headers,
        },
      }),
    send,
  }
}

export type Reply = { status: number; headers: Headers; text: string }
export type Visitor = ReturnType<typeof createVisitor>

/** The value of a hidden field of a page. */
export function hiddenField({ text }: Reply, name: string): string {
  const tag = new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(text)?.[0] ?? ''
  return /value="([^"]*)"/.exec(tag)?.[1]?.replaceAll('&amp;', '&') ?? ''
}
