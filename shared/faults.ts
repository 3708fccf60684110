import * as z from 'zod'

/**
 * What is wrong with a value in plain words: a phrase that follows the name of its field ("price.amount" must be a
 * number). It holds for every schema of the process that imports this file and says nothing of its own (zod's global
 * `customError`), so answers of the API, pages, commands and start-up settings speak alike.
 */
z.config({ customError: wordsOf })

type RawIssue = z.core.$ZodRawIssue

function wordsOf(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is needed' : `must be ${kinds[issue.expected] ?? 'of another kind'}`
    case 'invalid_value':
      return issue.input === undefined ? 'is needed' : `must be ${oneOf(issue.values.map(String))}`
    case 'too_small':
      return sizeWords(issue, issue.inclusive === false ? 'more than' : 'at least', issue.minimum)
    case 'too_big':
      return sizeWords(issue, issue.inclusive === false ? 'less than' : 'at most', issue.maximum)
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`
    case 'invalid_format':
      return `must be ${formats[issue.format] ?? 'written in another way'}`
    case 'unrecognized_keys':
      return `must not have ${issue.keys.map(key => `"${key}"`).join(', ')}`
    case 'invalid_union':
      return issue.input === undefined ? 'is needed' : unionWords(issue.errors.flatMap(each => each.slice(0, 1)))
    default:
      return 'is not valid'
  }
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
  null: 'null',
  nan: 'a number',
}

const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address such as "maria@example.com"',
  url: 'an address such as "https://example.com"',
  datetime: 'a time such as "2027-02-21T09:30:00Z"',
  date: 'a date such as "2027-02-21"',
  uuid: 'a UUID',
  base64url: 'base64url',
}

function sizeWords({ origin, input }: { origin: string; input?: unknown }, bound: string, size: unknown): string {
  if (origin === 'string') {
    if (bound === 'at least' && input === '') return 'must not be empty'
    return `must have ${bound} ${size} ${size === 1 ? 'character' : 'characters'}`
  }
  if (origin === 'array' || origin === 'set' || origin === 'map') {
    return `must have ${bound} ${size} ${size === 1 ? 'entry' : 'entries'}`
  }
  return `must be ${bound} ${size}`
}

function oneOf(values: string[]): string {
  const [only] = values
  return values.length === 1 ? (only === '' ? 'empty' : `"${only}"`) : `one of ${values.join(', ')}`
}

/** "must be text, a number or true or false", where every way says what it must be. */
function unionWords(issues: readonly { message?: string | undefined }[]): string {
  const ways = [...new Set(issues.map(({ message = '' }) => message))]
  const kinds = ways.map(way => /^must be (.+)$/.exec(way)?.[1])
  if (kinds.length === 0 || kinds.includes(undefined)) return ways[0] || 'is not valid'
  return `must be ${[kinds.slice(0, -1).join(', '), kinds.at(-1)].filter(Boolean).join(' or ')}`
}
