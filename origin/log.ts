import { pino } from 'pino'
import type { Config } from './config.ts'

export type Log = ReturnType<typeof createLog>

/** JSON lines on stdout, one an event; never a secret: tokens, cookies, passwords and addresses are cut out. */
export function createLog(level: Config['logLevel'], base: Record<string, unknown> = {}) {
  return pino({
    level,
    base,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'password',
        'token',
        'email',
        'authorization',
        'cookie',
        '*.password',
        '*.token',
        '*.email',
        '*.authorization',
        '*.cookie',
      ],
      censor: '[cut]',
    },
  })
}
