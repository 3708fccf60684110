import type { Kill } from './killing.ts'
import type { Outcome } from './run.ts'

/** The result as a table for people. */
export function describe({ lines, duplicates, redriven, kills, quiet, breaches, seconds }: Outcome): string {
  const rows = [
    ['', 'asked', 'yes', 'found', 'lost', 'twice'],
    ...lines.map(({ what, asked, acknowledged, found, lost, twice }) =>
      [what, asked, acknowledged, found, lost.length, twice.length].map(String),
    ),
  ]
  const unexplained = duplicates.filter(({ by }) => !by).length
  return [
    '',
    table(rows),
    '',
    `kills: ${kills.length} (${describeKills(kills)})`,
    `mails that came twice: ${duplicates.length}, explained by a kill in their time: ${duplicates.length - unexplained}`,
    ...duplicates
      .slice(0, 10)
      .map(
        ({ thing, copies, by }) =>
          `  ${thing}: ${copies} copies, ${by ? `${by.signal} ${by.role} at ${clock(by.at)}` : 'NO KILL EXPLAINS IT'}`,
      ),
    `jobs that used up their deliveries and were redriven: ${redriven.length}`,
    ...redriven.slice(0, 5).map(reason => `  ${reason}`),
    'stand-ins (SQS, SES, Redis) killed like all else: they lose nothing by it (infra/chaos/stand-ins.test.ts)',
    `${quiet ? 'quiet' : 'NOT QUIET'} after ${seconds.toFixed(0)} s in all`,
    ...breaches.map(breach => `BREACH ${breach}`),
    breaches.length === 0 ? 'nothing lost, nothing twice' : `${breaches.length} breach(es)`,
  ].join('\n')
}

/** Lines up columns: words to the left, numbers to the right. */
function table(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  return rows
    .map(row =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n')
}

function describeKills(kills: Kill[]): string {
  const byRole = Map.groupBy(kills, ({ role }) => role.replace(/-.*/, ''))
  const parts = [...byRole].map(([role, hits]) => `${role} ${hits.length}`).sort()
  const stopped = kills.filter(({ signal }) => signal === 'SIGSTOP').length
  return `${kills.length - stopped} SIGKILL, ${stopped} SIGSTOP: ${parts.join(', ')}`
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}
