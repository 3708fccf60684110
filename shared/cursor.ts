import type * as z from 'zod'

const version = 1

/**
 * Writes where a list goes on: opaque to clients, and good only for the same filters and order.
 * @param scope the filters and order of the list, as `scopeOf` writes them
 * @param position the sort key of the last item given
 */
export function encodeCursor(scope: string, position: readonly (string | number | null)[]): string {
  return toBase64url(JSON.stringify([version, fingerprint(scope), ...position]))
}

/**
 * Reads what `encodeCursor` wrote.
 * @param position a schema of the sort key; what does not fit is no cursor of ours
 * @returns undefined for anything else: garbage, another version, another list
 */
export function decodeCursor<T>(scope: string, cursor: string, position: z.ZodType<T>): T | undefined {
  const parts = parse(cursor)
  if (!Array.isArray(parts) || parts[0] !== version || parts[1] !== fingerprint(scope)) return undefined
  const parsed = position.safeParse(parts.slice(2))
  return parsed.success ? parsed.data : undefined
}

/** Writes the filters and order of a list as one text, whatever the order of the parameters. */
export function scopeOf(filters: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(filters).filter(([, value]) => value !== undefined)
  return JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** 64-bit FNV-1a (draft-eastlake-fnv): tells lists apart; it guards nothing, a position gives away only its own item. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(36)
}

function parse(cursor: string): unknown {
  try {
    if (!/^[\w-]+$/.test(cursor)) return undefined
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, c => c.charCodeAt(0))))
  } catch {
    return undefined
  }
}

function toBase64url(text: string): string {
  const binary = Array.from(new TextEncoder().encode(text), byte => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
