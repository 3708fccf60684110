import { AwsError } from './errors.ts'

/*
 * The policy that a form brings along, and what it says of the form.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */

/** Fields by their names in lower case, `${filename}` already replaced; `bucket` is the one that the URL names. */
export type Form = { bucket: string; fields: ReadonlyMap<string, string> }
export type SizeRange = { min: number; max: number }

type Condition =
  | { kind: 'eq' | 'starts-with'; name: string; value: string; text: string }
  | ({ kind: 'content-length-range' } & SizeRange)
type Policy = { expiration: number; conditions: Condition[] }

/** Of these no condition need speak. */
const exempt = ['policy', 'x-amz-signature', 'file']

/**
 * Holds a form, without its file, against its policy.
 * @param encoded base64 of the policy's JSON
 * @param now milliseconds
 * @returns how many bytes the file may have
 * @throws {AwsError} AccessDenied, saying which condition failed; InvalidPolicyDocument
 */
export function judgeForm({ bucket, fields }: Form, encoded: string, now: number): SizeRange {
  const policy = readPolicy(encoded)
  if (now >= policy.expiration) throw denied('Policy expired.')
  const sizes = { min: 0, max: Number.POSITIVE_INFINITY }
  const covered = new Set(exempt)
  for (const condition of policy.conditions) {
    if (condition.kind === 'content-length-range') {
      sizes.min = Math.max(sizes.min, condition.min)
      sizes.max = Math.min(sizes.max, condition.max)
    } else {
      covered.add(condition.name)
      // A field `bucket` must not say otherwise than the URL.
      const found =
        condition.name === 'bucket' ? [bucket, fields.get('bucket') ?? bucket] : [fields.get(condition.name)]
      if (!found.every(value => holds(condition, value))) throw denied(`Policy Condition failed: ${condition.text}`)
    }
  }
  const extra = [...fields.keys()].filter(name => !covered.has(name) && !name.startsWith('x-ignore-'))
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`)
  return sizes
}

/** @throws {AwsError} EntityTooSmall, EntityTooLarge */
export function checkSize(bytes: number, { min, max }: SizeRange): void {
  const ProposedSize = String(bytes)
  if (bytes > max) throw new AwsError('EntityTooLarge', undefined, { ProposedSize, MaxSizeAllowed: String(max) })
  if (bytes < min) throw new AwsError('EntityTooSmall', undefined, { ProposedSize, MinSizeAllowed: String(min) })
}

function holds({ kind, name, value }: Condition & { name: string; value: string }, found: string | undefined): boolean {
  if (kind === 'eq') return found === value
  // A list of content types fits only where each of them does.
  const parts = name === 'content-type' ? (found ?? '').split(',') : [found ?? '']
  return parts.every(part => part.startsWith(value))
}

function readPolicy(encoded: string): Policy {
  const { expiration, conditions, ...rest } = parse(encoded)
  if (Object.keys(rest).length > 0) throw malformed(`Unexpected: '${Object.keys(rest)[0]}'.`)
  if (expiration === undefined) throw malformed('Policy missing expiration.')
  if (conditions === undefined) throw malformed('Policy missing conditions.')
  const isDate = typeof expiration === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiration)
  const time = isDate ? Date.parse(expiration) : Number.NaN
  if (Number.isNaN(time)) throw malformed(`Invalid 'expiration' value: '${expiration}'`)
  if (!Array.isArray(conditions)) throw malformed("Invalid 'conditions' value: must be a List.")
  return { expiration: time, conditions: conditions.map(readCondition) }
}

function parse(encoded: string): Record<string, unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(encoded, 'base64'))
    const policy: unknown = JSON.parse(text)
    if (typeof policy === 'object' && policy !== null && !Array.isArray(policy))
      return policy as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw malformed('Invalid JSON.')
}

function readCondition(condition: unknown): Condition {
  if (!Array.isArray(condition)) return readSimple(condition)
  const [operator, first, second, ...rest] = condition as unknown[]
  const kind = String(operator).toLowerCase()
  if (rest.length > 0 || condition.length !== 3) throw malformed('Invalid Condition: wrong number of arguments.')
  if (kind === 'content-length-range') {
    const [min, max] = [Number(first), Number(second)]
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max))
      throw malformed('Invalid Condition: sizes must be whole numbers.')
    return { kind, min, max }
  }
  if (kind !== 'eq' && kind !== 'starts-with') throw malformed(`Invalid Condition: unknown operation '${operator}'.`)
  if (typeof first !== 'string' || typeof second !== 'string' || !first.startsWith('$')) {
    throw malformed('Invalid Condition: must name a field by "$" and a text.')
  }
  return { kind, name: first.slice(1).toLowerCase(), value: second, text: textOf(kind, first.slice(1), second) }
}

function readSimple(condition: unknown): Condition {
  const pairs = typeof condition === 'object' && condition !== null ? Object.entries(condition) : []
  const [pair] = pairs
  if (!pair || pairs.length !== 1) {
    throw malformed('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.')
  }
  const [name, value] = pair
  if (typeof value !== 'string') throw malformed('Invalid Simple-Condition: value must be a string.')
  return { kind: 'eq', name: name.toLowerCase(), value, text: textOf('eq', name, value) }
}

function textOf(kind: string, name: string, value: string): string {
  return `["${kind}", "$${name}", "${value}"]`
}

function denied(why: string): AwsError {
  return new AwsError('AccessDenied', `Invalid according to Policy: ${why}`)
}

function malformed(why: string): AwsError {
  return new AwsError('InvalidPolicyDocument', `Invalid Policy: ${why}`)
}
