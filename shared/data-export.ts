import * as z from 'zod'

const instant = z.iso.datetime()

/** A copy of an account's data: being made until it is `ready`, and gone when it expires. */
export const DataExport = z
  .object({
    id: z.string(),
    state: z.enum(['making', 'ready']),
    requestedAt: instant,
    expiresAt: instant.nullable(),
    bytes: z.number().int().nullable(),
  })
  .meta({ id: 'DataExport' })
export type DataExport = z.infer<typeof DataExport>

/** The copies that there are, the newest first, and from when on another may be asked for (null: now). */
export const DataExportList = z
  .object({ items: z.array(DataExport), nextFrom: instant.nullable() })
  .meta({ id: 'DataExportList' })
export type DataExportList = z.infer<typeof DataExportList>
