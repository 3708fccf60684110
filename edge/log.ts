import type { Settings } from './bindings.ts'

type Level = 'info' | 'warn' | 'error'
type Fields = Record<string, string | number | boolean | null | undefined>
export type Log = Record<Level, (message: string, fields?: Fields) => void>

const order = { info: 0, warn: 1, error: 2, silent: 3 } as const
const secretName = /authorization|cookie|token|password|secret|email|address/i

/**
 * Writes one JSON line an event. Fields are flat; one whose name speaks of a secret is cut, and so is every query
 * string, since links of mails carry tokens there.
 */
export function createLog(level: Settings['logLevel']): Log {
  const writer =
    (at: Level) =>
    (message: string, fields: Fields = {}) => {
      if (order[at] < order[level]) return
      const kept = Object.entries(fields).map(([name, value]) => [name, secretName.test(name) ? '[cut]' : clean(value)])
      console.log(JSON.stringify({ time: new Date().toISOString(), level: at, message, ...Object.fromEntries(kept) }))
    }
  return { info: writer('info'), warn: writer('warn'), error: writer('error') }
}

function clean(value: Fields[string]) {
  return typeof value === 'string' ? value.replace(/\?\S*/g, '?…').slice(0, 2_000) : value
}
