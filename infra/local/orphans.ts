import { readFileSync } from 'node:fs'
import { isSameProcess } from '../../origin/cli/process-mark.ts'
import type { RunFile } from './lock.ts'

/** The setting by which a child knows the file that says who started it and what else runs. */
export const RUN_FILE = 'CLASSIFYHUB_RUN_FILE'

/**
 * Stops the Postgres of a supervisor that was killed: it has nobody else who would, and it does not read its standard
 * input. SIGINT is its fast shutdown, safe however often it comes. A run file of somebody who lives is left alone.
 */
export function stopOrphanedPostgres(file: string | undefined): void {
  try {
    const run = JSON.parse(readFileSync(file ?? '', 'utf8')) as RunFile
    const postgres = run.children.find(({ name }) => name === 'postgres')
    if (postgres && !isSameProcess(run) && isSameProcess(postgres)) process.kill(postgres.pid, 'SIGINT')
  } catch {
    // No run file: the stack was stopped in order, or another start has cleaned up.
  }
}
