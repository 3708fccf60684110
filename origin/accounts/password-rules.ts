import { AppError } from '../../shared/errors.ts'

type Person = { email?: string; displayName?: string }

/** Refuses a password that is common or made of the person's own words. @throws invalid_input */
export async function requireGoodPassword(password: string, person: Person = {}): Promise<void> {
  const message = await findPasswordProblem(password, person)
  if (message) throw new AppError('invalid_input', { errors: [{ field: 'password', message }] })
}

/** Says what is wrong with a password, or undefined. Which characters it has is no matter (NIST SP 800-63B-4 §3.1.1.2). */
export async function findPasswordProblem(password: string, person: Person): Promise<string | undefined> {
  const typed = password.normalize('NFKC').toLowerCase()
  if (isMadeOf(typed, ownWords(person))) return 'must not be made of your name, your address or ours'
  if (isPattern(typed)) return 'is too easy to guess: it repeats or counts'
  ranksOnce ??= loadRanks()
  const ranks = await ranksOnce
  if (ranks.has(typed)) return 'is one of the most common passwords'
  const unit = repeatedUnit(typed)
  if (unit !== undefined && ranks.has(unit)) return 'is a common password, repeated'
  const word = typed.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  if ((ranks.get(word) ?? Number.POSITIVE_INFINITY) < famous)
    return 'is a very common password with digits or signs around it'
  return undefined
}

/** Words ranked before this are refused with anything but letters around them too ("password1234!"). */
const famous = 2_000
let ranksOnce: Promise<Map<string, number>> | undefined

/** 49,000 passwords by rank, the most common first; loaded with the first password that is chosen. */
async function loadRanks(): Promise<Map<string, number>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return new Map(dictionary['passwords-common'].map((word, rank) => [String(word), rank]))
}

function ownWords({ email = '', displayName = '' }: Person): string[] {
  const [localPart = '', host = ''] = splitAddress(email)
  const texts = [
    email,
    localPart,
    ...localPart.split(/[+._-]/),
    host,
    ...host.split('.'),
    displayName,
    ...displayName.split(/\s+/),
    'classifyhub',
    'classify',
    'hub',
  ]
  const words = texts.map(lettersAndDigits).filter(word => word.length >= 3)
  return words.sort((a, b) => b.length - a.length)
}

function splitAddress(email: string): [string, string] {
  const at = email.lastIndexOf('@')
  return [email.slice(0, at), email.slice(at + 1)]
}

/** Tells whether nothing but a few digits is left of a password without the words. */
function isMadeOf(typed: string, words: string[]): boolean {
  let rest = lettersAndDigits(typed)
  const before = rest.length
  for (const word of words) rest = rest.replaceAll(word, '')
  return rest.length < before && /^\d{0,4}$/.test(rest)
}

function lettersAndDigits(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
}

/** One to four characters over and over, or each one step from the one before ("123456789012", "abcdefghijkl"). */
function isPattern(typed: string): boolean {
  return /^(.{1,4}?)\1+$/su.test(typed) || isRun(typed, 1) || isRun(typed, -1)
}

function isRun(typed: string, step: number): boolean {
  const codes = Array.from(typed, char => char.codePointAt(0) ?? 0)
  const afterNine = step > 0 ? '9' : '0'
  const wraps = (from: number, to: number) => from === afterNine.codePointAt(0) && to - from === -9 * step
  return codes.slice(1).every((code, i) => code - (codes[i] ?? 0) === step || wraps(codes[i] ?? 0, code))
}

function repeatedUnit(typed: string): string | undefined {
  return /^(.+?)\1+$/su.exec(typed)?.[1]
}
