import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { RedisError, type Reply } from './keyspace.ts'

// Redis speaks Lua 5.1, where every number is a double and 3.0 is written "3". fengari is 5.3 with integers of 32 bits, which
// overflow on a time in milliseconds: numbers are handed over as doubles, `tonumber` makes doubles, and this switch drops the ".0".
process.env.FENGARICONF = JSON.stringify({ LUA_COMPAT_FLOATSTRING: true })
const { lua, lauxlib, lualib, to_luastring, to_jsstring } = createRequire(import.meta.url)('fengari')

type LuaState = unknown

const PRELUDE = `
  local number = tonumber
  function tonumber(...) local n = number(...) return n and n + 0.0 end
  unpack = table.unpack
  math.pow = function(x, y) return x ^ y end
  os = { clock = os.clock }
  io, require, dofile, loadfile, load, package, coroutine, debug, collectgarbage, print = nil
  setmetatable(_G, {
    __index = function(_, name) error('Script attempted to access nonexistent global variable \\'' .. tostring(name) .. '\\'', 2) end,
    __newindex = function(_, name) error('Script attempted to set global variable \\'' .. tostring(name) .. '\\'', 2) end,
  })`

const NAMES_IN_SCRIPT = 'local KEYS, ARGV = ... '

/** Compiled scripts; each takes KEYS and ARGV as its arguments, so that one state serves them all. */
const compiled = new Map<string, number>()
let shared: { state: LuaState } | undefined
let onCall: (command: string[]) => Reply = () => null

/**
 * Runs a Lua script as EVAL does: https://redis.io/docs/latest/develop/programmability/eval-intro/ . A first line `#!lua …` is dropped.
 * @param call what redis.call and redis.pcall reach
 * @throws {RedisError} the script's error, or that of a command which it called
 */
export function runScript(source: string, keys: string[], args: string[], call: (command: string[]) => Reply): Reply {
  shared ??= { state: createState() }
  const { state: L } = shared
  const top = lua.lua_gettop(L)
  onCall = call
  try {
    lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, compile(L, source))
    pushArray(L, keys)
    pushArray(L, args)
    if (lua.lua_pcall(L, 2, 1, 0) !== lua.LUA_OK) throw errorOnTop(L)
    return toReply(L, -1)
  } finally {
    lua.lua_settop(L, top)
  }
}

function compile(L: LuaState, source: string): number {
  const known = compiled.get(source)
  if (known !== undefined) return known
  // In one line with the script's first, so that the line numbers of its errors fit.
  const text = NAMES_IN_SCRIPT + source.replace(/^#!lua[^\n]*/, '')
  if (lauxlib.luaL_loadbuffer(L, to_luastring(text), null, to_luastring('@user_script')) !== lua.LUA_OK) {
    throw new RedisError(`ERR Error compiling script (new function): ${to_jsstring(lua.lua_tostring(L, -1))}`)
  }
  const reference = lauxlib.luaL_ref(L, lua.LUA_REGISTRYINDEX)
  compiled.set(source, reference)
  return reference
}

function createState(): LuaState {
  const L = lauxlib.luaL_newstate()
  lualib.luaL_openlibs(L)
  lua.lua_newtable(L)
  setFunction(L, 'call', () => callRedis(L, true))
  setFunction(L, 'pcall', () => callRedis(L, false))
  setFunction(L, 'status_reply', () => pushTagged(L, 'ok', to_jsstring(lua.lua_tostring(L, 1))))
  setFunction(L, 'error_reply', () => pushTagged(L, 'err', to_jsstring(lua.lua_tostring(L, 1))))
  setFunction(L, 'sha1hex', () =>
    pushText(
      L,
      createHash('sha1')
        .update(Buffer.from(lua.lua_tostring(L, 1)))
        .digest('hex'),
    ),
  )
  setFunction(L, 'log', () => 0)
  for (const [level, name] of ['LOG_DEBUG', 'LOG_VERBOSE', 'LOG_NOTICE', 'LOG_WARNING'].entries()) {
    lua.lua_pushnumber(L, level)
    lua.lua_setfield(L, -2, to_luastring(name))
  }
  lua.lua_setglobal(L, to_luastring('redis'))
  if (lauxlib.luaL_dostring(L, to_luastring(PRELUDE)) !== lua.LUA_OK) throw errorOnTop(L)
  return L
}

function setFunction(L: LuaState, name: string, run: () => number) {
  lua.lua_pushcfunction(L, run)
  lua.lua_setfield(L, -2, to_luastring(name))
}

function callRedis(L: LuaState, raises: boolean): number {
  const command: string[] = []
  for (let at = 1; at <= lua.lua_gettop(L); at++) command.push(argument(L, at))
  try {
    pushReply(L, onCall(command))
    return 1
  } catch (error) {
    if (!(error instanceof RedisError)) throw error
    pushTagged(L, 'err', error.message)
    return raises ? lua.lua_error(L) : 1
  }
}

// Redis writes numbers among the arguments with 17 digits, whole ones without a fraction.
function argument(L: LuaState, at: number): string {
  const type = lua.lua_type(L, at)
  if (type === lua.LUA_TNUMBER) return String(lua.lua_tonumber(L, at))
  if (type === lua.LUA_TSTRING) return to_jsstring(lua.lua_tostring(L, at))
  throw new RedisError('ERR Lua redis lib command arguments must be strings or integers')
}

function pushReply(L: LuaState, reply: Reply): void {
  if (reply === null) lua.lua_pushboolean(L, false)
  else if (typeof reply === 'number') lua.lua_pushnumber(L, reply)
  else if (typeof reply === 'string') pushText(L, reply)
  else if (!Array.isArray(reply)) pushTagged(L, 'ok', reply.status)
  else {
    lua.lua_createtable(L, reply.length, 0)
    for (const [at, item] of reply.entries()) {
      pushReply(L, item)
      lua.lua_rawseti(L, -2, at + 1)
    }
  }
}

function toReply(L: LuaState, at: number): Reply {
  switch (lua.lua_type(L, at)) {
    case lua.LUA_TSTRING:
      return to_jsstring(lua.lua_tostring(L, at))
    case lua.LUA_TNUMBER:
      return Math.trunc(lua.lua_tonumber(L, at))
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, at) ? 1 : null
    case lua.LUA_TTABLE:
      return tableToReply(L, lua.lua_absindex(L, at))
    default:
      return null
  }
}

function tableToReply(L: LuaState, at: number): Reply {
  const status = field(L, at, 'ok')
  if (status !== undefined) return { status }
  const message = field(L, at, 'err')
  if (message !== undefined) throw new RedisError(message)
  const items: Reply[] = []
  for (let index = 1; ; index++) {
    lua.lua_rawgeti(L, at, index)
    if (lua.lua_type(L, -1) === lua.LUA_TNIL) break
    items.push(toReply(L, -1))
    lua.lua_pop(L, 1)
  }
  lua.lua_pop(L, 1)
  return items
}

function errorOnTop(L: LuaState): RedisError {
  if (lua.lua_type(L, -1) === lua.LUA_TTABLE) {
    const message = field(L, lua.lua_absindex(L, -1), 'err')
    if (message !== undefined) return new RedisError(message)
  }
  const text = lua.lua_tostring(L, -1)
  return new RedisError(`ERR ${text ? to_jsstring(text) : 'script failed'} script: user_script`)
}

function field(L: LuaState, at: number, name: string): string | undefined {
  lua.lua_pushstring(L, to_luastring(name))
  lua.lua_rawget(L, at)
  const text = lua.lua_type(L, -1) === lua.LUA_TSTRING ? to_jsstring(lua.lua_tostring(L, -1)) : undefined
  lua.lua_pop(L, 1)
  return text
}

function pushTagged(L: LuaState, tag: string, text: string): number {
  lua.lua_createtable(L, 0, 1)
  pushText(L, text)
  lua.lua_setfield(L, -2, to_luastring(tag))
  return 1
}

function pushArray(L: LuaState, items: string[]): void {
  pushReply(L, items)
}

function pushText(L: LuaState, text: string): number {
  lua.lua_pushstring(L, to_luastring(text))
  return 1
}
