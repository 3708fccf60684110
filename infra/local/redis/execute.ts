import { createHash } from 'node:crypto'
import { hashes } from './hashes.ts'
import { keys } from './keys.ts'
import { type Commands, type Keyspace, OK, RedisError, type Reply } from './keyspace.ts'
import { lists } from './lists.ts'
import { runScript } from './lua.ts'
import { sets } from './sets.ts'
import { sortedSets } from './sorted-sets.ts'
import { streams } from './streams.ts'
import { strings } from './strings.ts'

const COMMANDS: Commands = { ...keys, ...strings, ...hashes, ...sets, ...lists, ...sortedSets, ...streams }

/** Scripts by the SHA-1 of the text that the client knows; shared by all key spaces, as they hold no data. */
const scripts = new Map<string, string>()

/**
 * Executes one command.
 * @param onWrite told each command that may have changed something; for a script, each that the script called
 * @throws {RedisError} what Redis would answer as an error
 */
export function execute(db: Keyspace, command: string[], onWrite: (command: string[]) => void): Reply {
  const [name = '', ...args] = command
  switch (name.toUpperCase()) {
    case 'EVAL':
    case 'EVAL_RO':
      return evaluate(db, remember(args[0] ?? ''), args.slice(1), onWrite)
    case 'EVALSHA':
    case 'EVALSHA_RO':
      return evaluate(db, (args[0] ?? '').toLowerCase(), args.slice(1), onWrite)
    case 'SCRIPT':
      return script(args)
    default:
      return executePlain(db, name, args, onWrite)
  }
}

function executePlain(db: Keyspace, name: string, args: string[], onWrite: (command: string[]) => void): Reply {
  const command = COMMANDS[name.toUpperCase()]
  if (command === undefined)
    throw new RedisError(
      `ERR unknown command '${name}', with args beginning with: ${args
        .slice(0, 3)
        .map(arg => `'${arg}' `)
        .join('')}`,
    )
  if (args.length < command.min || args.length > (command.max ?? Infinity)) {
    throw new RedisError(`ERR wrong number of arguments for '${name.toLowerCase()}' command`)
  }
  const reply = command.run(db, args)
  if (command.write) onWrite([name, ...args])
  return reply
}

function evaluate(db: Keyspace, sha: string, [count, ...rest]: string[], onWrite: (command: string[]) => void): Reply {
  const source = scripts.get(sha)
  if (source === undefined) throw new RedisError('NOSCRIPT No matching script. Please use EVAL.')
  const keyCount = Number(count)
  if (!Number.isInteger(keyCount)) throw new RedisError('ERR value is not an integer or out of range')
  if (keyCount < 0) throw new RedisError("ERR Number of keys can't be negative")
  if (keyCount > rest.length) throw new RedisError("ERR Number of keys can't be greater than number of args")
  const call = ([name = '', ...args]: string[]) => {
    if (/^(EVAL|SCRIPT)/i.test(name)) throw new RedisError('ERR This Redis command is not allowed from script')
    return executePlain(db, name, args, onWrite)
  }
  return runScript(source, rest.slice(0, keyCount), rest.slice(keyCount), call)
}

function script([what = '', ...args]: string[]): Reply {
  switch (what.toUpperCase()) {
    case 'LOAD':
      return remember(args[0] ?? '')
    case 'EXISTS':
      return args.map(sha => (scripts.has(sha.toLowerCase()) ? 1 : 0))
    case 'FLUSH':
      scripts.clear()
      return OK
    default:
      throw new RedisError(`ERR unknown subcommand '${what}'`)
  }
}

function remember(source: string): string {
  const sha = createHash('sha1').update(source).digest('hex')
  scripts.set(sha, source)
  return sha
}
