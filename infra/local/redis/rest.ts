import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Reply } from './keyspace.ts'

/** What one command came to. */
export type Outcome = { result?: Reply; error?: string }

/** A Redis behind the REST protocol. `atomic` asks that no other command runs in between. */
export type Backend = {
  run: (space: string, commands: string[][], atomic: boolean) => Promise<Outcome[]>
  close: () => Promise<void>
}

const MAX_BODY_BYTES = 16 * 1024 * 1024

/**
 * The REST protocol of Upstash (https://upstash.com/docs/redis/features/restapi): a command to `/`, many to `/pipeline` or, as one
 * transaction, to `/multi-exec`. The token tells the key space.
 */
export function createRestServer(backend: Backend, spaceOfToken: (token: string) => string | undefined): Server {
  return createServer(async (request, response) => {
    const reply = (status: number, body: unknown) => {
      const text = JSON.stringify(body)
      response
        .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
        .end(text)
    }
    try {
      if (request.url === '/health') return reply(200, { result: 'OK' })
      const space = spaceOfToken((request.headers.authorization ?? '').replace(/^Bearer /i, ''))
      if (space === undefined) return reply(401, { error: 'WRONGPASS invalid or missing auth token' })
      const { status, body } = await answer(backend, space, request)
      reply(status, body)
    } catch (error) {
      console.error(error)
      if (!response.headersSent) reply(500, { error: 'ERR the bridge failed; see its log' })
    }
  })
}

async function answer(
  backend: Backend,
  space: string,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  const path = new URL(request.url ?? '/', 'http://bridge').pathname
  const text = await readBody(request)
  const input = text === undefined ? undefined : parse(text)
  const encode = request.headers['upstash-encoding'] === 'base64' ? toBase64 : toPlain
  const show = (outcome: Outcome) =>
    outcome.error === undefined ? { result: encode(outcome.result ?? null) } : { error: outcome.error }
  if (path === '/') {
    const command = toCommand(input)
    if (command === undefined) return { status: 400, body: { error: 'ERR failed to parse command' } }
    const [outcome = { error: 'ERR no answer' }] = await backend.run(space, [command], false)
    return { status: outcome.error === undefined ? 200 : 400, body: show(outcome) }
  }
  if (path !== '/pipeline' && path !== '/multi-exec')
    return { status: 404, body: { error: `ERR no such path: ${path}` } }
  const commands = Array.isArray(input) ? input.map(toCommand) : []
  if (commands.length === 0 || commands.includes(undefined))
    return { status: 400, body: { error: 'ERR failed to parse pipeline request' } }
  const outcomes = await backend.run(space, commands as string[][], path === '/multi-exec')
  return { status: 200, body: outcomes.map(show) }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// Clients send numbers and booleans as they are; what is an object they have made a string before.
function toCommand(input: unknown): string[] | undefined {
  if (!Array.isArray(input) || input.length === 0) return undefined
  return input.map(part =>
    typeof part === 'string'
      ? part
      : part === null
        ? ''
        : typeof part === 'object'
          ? JSON.stringify(part)
          : String(part),
  )
}

function toPlain(reply: Reply): unknown {
  if (Array.isArray(reply)) return reply.map(toPlain)
  return reply !== null && typeof reply === 'object' ? reply.status : reply
}

// "OK" alone goes as it is: clients tell the word from a stored string by that.
function toBase64(reply: Reply): unknown {
  if (Array.isArray(reply)) return reply.map(toBase64)
  if (reply !== null && typeof reply === 'object')
    return reply.status === 'OK' ? 'OK' : Buffer.from(reply.status).toString('base64')
  return typeof reply === 'string' ? Buffer.from(reply).toString('base64') : reply
}
