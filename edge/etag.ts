/** Makes a weak entity tag of a body (RFC 9110 §8.8.3). */
export async function etagOf(body: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  return `W/"${Array.from(digest.slice(0, 12), byte => byte.toString(16).padStart(2, '0')).join('')}"`
}

/** Tells whether a request's `If-None-Match` names a tag, by weak comparison (RFC 9110 §13.1.2). */
export function matchesEtag(request: Request, etag: string): boolean {
  const header = request.headers.get('if-none-match')
  if (header === null) return false
  const strip = (tag: string) => tag.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some(tag => strip(tag) === strip(etag))
}
