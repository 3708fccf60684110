import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isSameProcess, type ProcessMark, startMark } from '../../origin/cli/process-mark.ts'
import { endLeftover } from './processes.ts'

/** DIR/run.json: who runs the stack of this folder, and which children it has started. Gone when the stack is. */
export type RunFile = ProcessMark & { startedAt: string; children: (ProcessMark & { name: string })[] }

/** The one right to run a stack on a data folder, and the book of its children. */
export type Lock = {
  /** Children that a killed run had left and that were ended. */
  leftovers: string[]
  /** The book itself. */
  file: string
  record: (name: string, pid: number) => void
  forget: (pid: number) => void
  release: () => void
}

/**
 * Takes the data folder for this process and ends what a killed run left behind.
 * @throws {Error} when a live stack holds the folder.
 */
export async function takeLock(dir: string): Promise<Lock> {
  const file = path.join(dir, 'run.json')
  const run: RunFile = {
    pid: process.pid,
    start: startMark(process.pid),
    startedAt: new Date().toISOString(),
    children: [],
  }
  const leftovers = await claim(file, run, dir)
  const save = () => {
    writeFileSync(`${file}.new`, JSON.stringify(run, null, 2), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
  return {
    leftovers,
    file,
    record(name, pid) {
      run.children = [...run.children.filter(child => child.name !== name), { name, pid, start: startMark(pid) }]
      save()
    },
    forget(pid) {
      run.children = run.children.filter(child => child.pid !== pid)
      save()
    },
    release: () => rmSync(file, { force: true }),
  }
}

/** Reads DIR/run.json; undefined when there is none or it is torn. */
export function readRun(dir: string): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8')) as RunFile
  } catch {
    return undefined
  }
}

/** Whether the stack that wrote this run file still lives. */
export function isRunning(run: RunFile | undefined): boolean {
  return run !== undefined && isSameProcess(run)
}

async function claim(file: string, run: RunFile, dir: string): Promise<string[]> {
  const leftovers: string[] = []
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      writeFileSync(file, JSON.stringify(run, null, 2), { flag: 'wx', mode: 0o600 })
      return leftovers
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const previous = readRun(dir)
    if (previous !== undefined && isRunning(previous)) {
      throw new Error(
        `Cannot start on ${dir}: a stack runs there already (process ${previous.pid}, since ${previous.startedAt}). ` +
          'Stop it, or choose another folder: npm start -- --data OTHER --port N',
      )
    }
    // A run file that cannot be read may be one that another start is writing at this moment.
    if (previous === undefined && attempt < 5) {
      await sleep(100)
      continue
    }
    for (const child of previous?.children ?? []) if (await endLeftover(child)) leftovers.push(child.name)
    moveAside(file, run.pid)
  }
  throw new Error(`Cannot take ${file}: it keeps coming back; is another start at work?`)
}

// Renaming is atomic: of two starts that find the same stale file one moves it, the other goes round again.
function moveAside(file: string, pid: number) {
  const aside = `${file}.stale-${pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  rmSync(aside, { force: true })
}
