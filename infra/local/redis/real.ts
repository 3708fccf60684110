import { createHash } from 'node:crypto'
import { Redis } from 'ioredis'
import { OK, type Reply } from './keyspace.ts'
import type { Backend, Outcome } from './rest.ts'

/**
 * A real Redis: every key of a space gets the prefix `classifyhub:ID:SPACE:`, the KEYS of scripts included. One connection a space.
 * @param id tells the stacks apart that share one Redis
 */
export function createRealBackend(url: string, id: string, names: string[]): Backend {
  const scripts = new Map<string, string>()
  const connections = new Map(names.map(name => [name, connect(url, `classifyhub:${id}:${name}:`)]))
  return {
    async run(space, commands, atomic) {
      const redis = connections.get(space)
      if (redis === undefined) throw new Error(`Cannot run a command: no key space "${space}"`)
      const pipeline = atomic ? redis.multi() : redis.pipeline()
      const prepared = commands.map(command => prepare(command, redis.options.keyPrefix ?? '', scripts))
      for (const { words } of prepared) {
        const [name = '', ...args] = words
        // In capitals: ioredis reshapes the answers of some commands, and knows those by their small letters only.
        pipeline.call(name.toUpperCase(), ...args)
      }
      const answers = await pipeline.exec().catch((error: Error) => prepared.map((): [Error, null] => [error, null]))
      return prepared.map(({ after }, at): Outcome => {
        const [error, value] = answers?.[at] ?? [new Error('ERR no answer'), null]
        return error ? { error: error.message } : { result: after(value as Reply) }
      })
    },
    async close() {
      await Promise.all([...connections.values()].map(redis => redis.quit()))
    },
  }
}

function connect(url: string, keyPrefix: string): Redis {
  const redis = new Redis(url, { keyPrefix, maxRetriesPerRequest: 2, connectTimeout: 2000 })
  redis.on('error', error => console.error(`redis: ${error.message}`))
  return redis
}

type Prepared = { words: string[]; after: (reply: Reply) => Reply }

// ioredis puts the prefix on the keys that a command names; patterns and answers are ours. Redis refuses the `#!lua flags=…` line of a script that Upstash knows: the script goes without it and so under another SHA-1.
function prepare(command: string[], prefix: string, scripts: Map<string, string>): Prepared {
  const [name = '', ...args] = command
  const as = (words: string[], after: Prepared['after'] = asIs) => ({ words, after })
  switch (name.toUpperCase()) {
    case 'EVAL':
    case 'EVAL_RO':
      remember(args[0] ?? '', scripts)
      return as([name, strip(args[0] ?? ''), ...args.slice(1)])
    case 'EVALSHA':
    case 'EVALSHA_RO':
      return as([name, scripts.get(args[0] ?? '') ?? args[0] ?? '', ...args.slice(1)])
    case 'SCRIPT':
      if (args[0]?.toUpperCase() === 'LOAD') {
        return as([name, 'LOAD', strip(args[1] ?? '')], () => remember(args[1] ?? '', scripts))
      }
      return as([name, args[0] ?? '', ...args.slice(1).map(sha => scripts.get(sha) ?? sha)])
    case 'KEYS':
      return as([name, prefix + (args[0] ?? '*')], reply => unprefix(reply, prefix))
    case 'SCAN':
      return as(scanWords(name, args, prefix), reply =>
        Array.isArray(reply) ? [reply[0] ?? '0', unprefix(reply[1] ?? [], prefix)] : reply,
      )
    case 'XREAD':
      return as(command, reply =>
        Array.isArray(reply)
          ? reply.map(row => (Array.isArray(row) ? [unprefix(row[0] ?? '', prefix), row[1] ?? []] : row))
          : reply,
      )
    // Those that would touch the whole Redis touch the space only.
    case 'FLUSHDB':
    case 'FLUSHALL':
      return as(['EVAL', DELETE_ALL, '0', `${prefix}*`], () => OK)
    case 'DBSIZE':
      return as(['EVAL', "return #redis.call('KEYS', ARGV[1])", '0', `${prefix}*`])
    default:
      return as(command)
  }
}

const DELETE_ALL = "for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('DEL', key) end"

const asIs = (reply: Reply): Reply => reply

function scanWords(name: string, [cursor = '0', ...options]: string[], prefix: string): string[] {
  const at = options.findIndex(option => option.toUpperCase() === 'MATCH')
  const others = at === -1 ? options : options.toSpliced(at, 2)
  return [name, cursor, 'MATCH', prefix + (at === -1 ? '*' : (options[at + 1] ?? '*')), ...others]
}

function unprefix(reply: Reply, prefix: string): Reply {
  if (Array.isArray(reply)) return reply.map(item => unprefix(item, prefix))
  return typeof reply === 'string' && reply.startsWith(prefix) ? reply.slice(prefix.length) : reply
}

function strip(source: string): string {
  return source.replace(/^#!lua[^\n]*/, '')
}

function remember(source: string, scripts: Map<string, string>): string {
  const sha = (text: string) => createHash('sha1').update(text).digest('hex')
  scripts.set(sha(source), sha(strip(source)))
  return sha(source)
}
