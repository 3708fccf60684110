import { watch } from 'node:fs'
import path from 'node:path'
import { build } from './build.ts'
import { ROOT } from './node-child.ts'
import { type Supervisor, seconds } from './supervisor.ts'

const SETTLE_MS = 150
const SITE = ['edge', 'frontend', 'shared']
const ORIGIN = ['origin', 'shared', 'frontend']

/** Reloads what a saved file belongs to: origins are started again; the client and the Worker are built and the edge is started again. */
export function watchSources(
  supervisor: Supervisor,
  origins: string[],
  say: (line: string) => void,
  signal: AbortSignal,
): void {
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let busy = false

  const reload = async () => {
    if (busy || changed.size === 0) return
    busy = true
    const rooms = new Set(changed)
    changed.clear()
    const since = performance.now()
    try {
      const work = []
      if (SITE.some(room => rooms.has(room))) work.push(build(signal).then(() => supervisor.restart('edge')))
      if (ORIGIN.some(room => rooms.has(room))) work.push(...origins.map(name => supervisor.restart(name)))
      await Promise.all(work)
      say(`reloaded after a change in ${[...rooms].join(', ')} (${seconds(performance.now() - since)})`)
    } catch (error) {
      if (signal.aborted) return
      say(`the change in ${[...rooms].join(', ')} cannot be loaded: ${error instanceof Error ? error.message : error}`)
    }
    busy = false
    if (!signal.aborted) await reload()
  }

  for (const room of new Set([...SITE, ...ORIGIN])) {
    watch(path.join(ROOT, room), { recursive: true, signal }, (_event, file) => {
      if (file === null || !/\.(tsx?|css|json|sql|svg|txt)$/.test(file) || /\.test\.tsx?$/.test(file)) return
      changed.add(room)
      clearTimeout(timer)
      timer = setTimeout(reload, SETTLE_MS)
    })
  }
  say('watching edge, origin, frontend and shared for changes')
}
