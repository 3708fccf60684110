import { appendFileSync } from 'node:fs'
import { styleText } from 'node:util'
import type { Login, Stack } from './stack-file.ts'
import { seconds } from './supervisor.ts'

/** What the person sees: one line a step, one line an event. */
export type Report = {
  line: (text: string) => void
  /** Runs a step and prints its name and time when it is done. */
  step: <T>(name: string, work: () => Promise<T>, detail?: (result: T) => string) => Promise<T>
  /** Something that happens later: printed with the time of day and written to the log. */
  event: (text: string) => void
}

/** Makes a report on standard output; events also go to a file. Colours as NO_COLOR and the terminal ask. */
export function createReport(logFile: string): Report {
  const line = (text: string) => console.log(text)
  return {
    line,
    async step(name, work, detail = () => '') {
      const since = performance.now()
      const result = await work()
      line(
        `  ${paint('green', 'ok')} ${name.padEnd(12)}${paint('dim', `${seconds(performance.now() - since).padStart(7)}  ${detail(result)}`).trimEnd()}`,
      )
      return result
    },
    event(text) {
      const now = new Date()
      line(`${paint('dim', now.toTimeString().slice(0, 8))} ${text}`)
      appendFileSync(logFile, `${now.toISOString()} ${text}\n`, { mode: 0o600 })
    },
  }
}

/** The table of addresses and of one login for each role and region. */
export function describeStack(stack: Stack): string {
  const rows = [
    ['site', stack.site],
    ['API', `${stack.site}/api/openapi.json`],
    ['mail inbox', stack.mail],
    ...Object.entries(stack.origins).map(([region, url]) => [`origin ${region}`, url]),
  ]
  const lines = rows.map(([name, url]) => `  ${paint('bold', (name ?? '').padEnd(12))}${url}`)
  const shown = stack.logins.filter((login, at) => stack.logins.findIndex(other => isAlike(login, other)) === at)
  if (shown.length > 0) {
    const width = Math.max(...shown.map(login => login.email.length))
    lines.push('', `  ${paint('bold', 'demo logins')}`)
    for (const login of shown) {
      lines.push(
        `    ${login.email.padEnd(width)}  ${login.password}  ${paint('dim', `${login.role}, ${login.region}`)}`,
      )
    }
    if (shown.length < stack.logins.length)
      lines.push(`    ${paint('dim', `all ${stack.logins.length} are in stack.json`)}`)
  }
  return lines.join('\n')
}

function isAlike(a: Login, b: Login): boolean {
  return a.role === b.role && a.region === b.region
}

function paint(format: 'green' | 'dim' | 'bold', text: string): string {
  return styleText(format, text, { stream: process.stdout })
}
