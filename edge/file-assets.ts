const types: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
  webp: 'image/webp',
  woff2: 'font/woff2',
}

/**
 * Serves files the way the Workers asset binding does: strong ETag, 304, 404 for what is not there.
 * @param readFile reads a file by its path below the public folder, from the first slash on; throws when there is none
 */
export function createFileAssets(readFile: (path: string) => Promise<Uint8Array<ArrayBuffer>>) {
  return async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    const type = types[pathname.split('.').at(-1) ?? '']
    // The URL parser has resolved dot segments; what is still encoded or hidden is not ours.
    if (!type || !/^(\/[\w-][\w.-]*)+$/.test(pathname)) return new Response(null, { status: 404 })
    try {
      const file = await readFile(pathname)
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', file))
      const headers = { 'content-type': type, etag: `"${Array.from(digest.slice(0, 12), hex).join('')}"` }
      if (request.headers.get('if-none-match') === headers.etag) return new Response(null, { status: 304, headers })
      return new Response(request.method === 'HEAD' ? null : file, { headers })
    } catch {
      return new Response(null, { status: 404 })
    }
  }
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
