import type { Selectable } from 'kysely'
import type { DataExport } from '../../shared/data-export.ts'
import type { ExportsTable } from '../db/schema.ts'

export type ExportRow = Selectable<ExportsTable>

/** A copy as its owner sees it. */
export function viewExport(row: ExportRow): DataExport {
  return {
    id: row.id,
    state: row.ready_at ? 'ready' : 'making',
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    bytes: row.bytes === null ? null : Number(row.bytes),
  }
}
