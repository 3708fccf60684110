/** Makes a weak entity tag of a body (RFC 9110 §8.8.3). */
export async function etagOf(body: ArrayBuffer): Promise<string> {
  return `W/${await strongEtagOf(body)}`
}

/** Makes a strong entity tag, of bytes that are sent exactly as they are. */
export async function strongEtagOf(body: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  return `"${Array.from(digest.slice(0, 12), byte => byte.toString(16).padStart(2, '0')).join('')}"`
}

/** Tells whether a request's `If-None-Match` names a tag, by weak comparison (RFC 9110 §13.1.2). */
export function matchesEtag(headers: Headers, etag: string): boolean {
  const header = headers.get('if-none-match')
  if (header === null) return false
  const strip = (tag: string) => tag.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some(tag => strip(tag) === strip(etag))
}
