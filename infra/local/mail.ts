import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { childEnv, closeOnSignal, nodeChild } from './node-child.ts'
import { answers, type Service } from './supervisor.ts'

/** The stand-in for SES (aws-ses-v2-local): takes mails, sends none, and shows them on its page and at `/store`. */
export function mailService(dir: string, port: number): Service {
  return {
    name: 'mail',
    port,
    ...nodeChild('infra/local/mail.ts', [path.join(dir, 'mail.ndjson'), String(port)]),
    env: childEnv({}),
    isHealthy: () => answers(`http://127.0.0.1:${port}/health-check`),
  }
}

async function serve(file: string, port: number): Promise<void> {
  const { default: mail } = await import('aws-ses-v2-local')
  const { getStoreReadonly } = await import('aws-ses-v2-local/dist/store.js')
  keepOnDisk(getStoreReadonly() as unknown as { emails: unknown[] }, file)
  const listen = typeof mail === 'function' ? mail : (mail as { default: typeof mail }).default
  const server = await listen({ host: '127.0.0.1', port })
  closeOnSignal(async () => server.close().closeAllConnections())
}

// The inbox lives in memory. Its list is replaced by one that writes each mail down before the sender hears that it was taken:
// a mail that somebody waits for must outlive a killed inbox.
function keepOnDisk(store: { emails: unknown[] }, file: string) {
  const durable = (emails: unknown[]) =>
    Object.assign(emails, {
      push(...more: unknown[]) {
        for (const email of more) appendFileSync(file, `${JSON.stringify(email)}\n`, { mode: 0o600 })
        return Array.prototype.push.apply(emails, more)
      },
    })
  let emails = durable(readMails(file))
  Object.defineProperty(store, 'emails', {
    enumerable: true,
    get: () => emails,
    set(cleared: unknown[]) {
      emails = durable(cleared)
      writeFileSync(file, '', { mode: 0o600 })
    },
  })
}

function readMails(file: string): unknown[] {
  const lines = readOr(file)
    .split('\n')
    .filter(line => line !== '')
  return lines.flatMap(line => {
    try {
      return [JSON.parse(line)]
    } catch {
      return [] // the last line of a killed process
    }
  })
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

if (import.meta.main) {
  const [file, port] = process.argv.slice(2)
  if (file === undefined) throw new Error('Cannot serve: usage is mail.ts FILE PORT')
  await serve(file, Number(port))
}
