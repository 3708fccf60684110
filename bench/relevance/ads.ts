import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

const file = fileURLToPath(new URL('../../../shared/data/listings.ndjson', import.meta.url))

const Ad = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  price: z.number(),
  attributes: z.record(z.string(), z.string()),
})
export type Ad = z.infer<typeof Ad>

/** Tells whether the real ads lie beside the project; they are never a part of it. */
export function hasAds(): boolean {
  return existsSync(file)
}

/** Reads the real ads by their id. */
export function readAds(): Map<string, Ad> {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return new Map(lines.map(line => Ad.parse(JSON.parse(line))).map(ad => [ad.id, ad]))
}

/** The same as bytes, for the import. */
export function adBytes(): AsyncIterable<Uint8Array> {
  return createReadStream(file)
}
