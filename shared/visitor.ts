import * as z from 'zod'

/** What the edge knows of whoever asks, as the runtime's geo data has it; it travels to the origin under the signature. */
export const Visitor = z.object({
  ip: z.string(),
  country: z.string().nullable(),
  subdivision: z.string().nullable(),
  city: z.string().nullable(),
  continent: z.string().nullable(),
  lat: z.number().nullable(),
  lon: z.number().nullable(),
  timeZone: z.string().nullable(),
  userAgent: z.string().nullable(),
})
export type Visitor = z.infer<typeof Visitor>

/** Writes a visitor as one ASCII header value. */
export function encodeVisitor(visitor: Visitor): string {
  return encodeURIComponent(JSON.stringify(visitor))
}

/** Reads what `encodeVisitor` wrote. Throws when the text is not of that form. */
export function decodeVisitor(header: string): Visitor {
  return Visitor.parse(JSON.parse(decodeURIComponent(header)))
}
