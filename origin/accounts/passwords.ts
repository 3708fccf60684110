import { hash, parseOptions, verify } from '@node-rs/argon2'
import { AppError } from '../../shared/errors.ts'

/** argon2id (RFC 9106), OWASP's first choice for interactive sign-in: 19 MiB, two passes, one lane. Raise them here only. */
export const argon2 = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Each hash takes a core and 19 MiB for about 10 ms: two at once, and a queue that is refused when it would take seconds. */
const atOnce = 2
const longestQueue = 200

/** Hashes a new password into a PHC string. @throws service_unavailable when too many wait */
export async function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normalise(password), argon2))
}

/** Tells whether a password is the one that was hashed. @throws service_unavailable when too many wait */
export async function verifyPassword(hashed: string, password: string): Promise<boolean> {
  return inTurn(() => verify(hashed, normalise(password)))
}

/** Does the work of a verification for an address that nobody has, so that both cost alike. Always false. */
export async function verifyNothing(password: string): Promise<false> {
  dummyHash ??= hash(crypto.randomUUID(), argon2)
  await verifyPassword(await dummyHash, password)
  return false
}

let dummyHash: Promise<string> | undefined

/** Tells whether a hash was made with weaker parameters than today's. */
export function needsRehash(hashed: string): boolean {
  const { algorithm, memoryCost, timeCost, parallelism } = parseOptions(hashed)
  return (
    algorithm !== argon2.algorithm ||
    memoryCost < argon2.memoryCost ||
    timeCost < argon2.timeCost ||
    parallelism < argon2.parallelism
  )
}

/** The same password typed on two systems may differ in code points (NIST SP 800-63B-4 §3.1.1.2). */
function normalise(password: string): string {
  return password.normalize('NFKC')
}

const waiting: (() => void)[] = []
let running = 0

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= longestQueue) throw new AppError('service_unavailable', { headers: { 'retry-after': '2' } })
    await new Promise<void>(resolve => waiting.push(resolve))
  } else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
