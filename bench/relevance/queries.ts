import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { shuffled } from './seeded.ts'

const kinds = ['short', 'long', 'typo', 'synonym', 'brand-model', 'attribute', 'price', 'phrase'] as const
const Query = z.strictObject({
  id: z.string().regex(/^q\d{3}$/),
  kind: z.enum(kinds),
  /** As somebody types it. */
  q: z.string().min(1),
  /** What the person wants, for the judge. */
  need: z.string().min(1),
})

export const halves = ['tune', 'report'] as const
export type Half = (typeof halves)[number]
/** A query of the judged set, and the half that it is in: what is tuned on one is reported on the other. */
export type JudgedQuery = z.infer<typeof Query> & { half: Half }

/** Reads the judged set. Halves are drawn by a fixed seed within each kind, so they change when a query is added or taken away. */
export function readQueries(): JudgedQuery[] {
  const queries = z.array(Query).parse(JSON.parse(readFileSync(new URL('queries.json', import.meta.url), 'utf8')))
  const drawn = kinds.flatMap(kind =>
    shuffled(
      queries.filter(query => query.kind === kind),
      'halves',
      ({ id }) => id,
    ),
  )
  const half = new Map(drawn.map(({ id }, i) => [id, i % 2 === 0 ? ('tune' as const) : ('report' as const)]))
  return queries.map(query => ({ ...query, half: half.get(query.id) ?? 'tune' }))
}
