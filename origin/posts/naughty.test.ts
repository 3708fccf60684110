import { beforeAll, describe, expect, it } from 'vitest'
import type { TestAccount } from '../testing/factories.ts'
import { createTestOrigin, type TestOrigin } from '../testing/harness.ts'
import { somePost } from '../testing/posts.ts'

/** Text that has broken others: what is kept must come back code point for code point. */
const kept: Record<string, string> = {
  'combining marks by the kilobyte': `Z${'\u0351\u0345\u0338'.repeat(1700)}`,
  'decomposed and composed letters side by side': 'e\u0301 é Å \u212b A\u030a',
  'bidirectional overrides and isolates': '\u202eevil.exe\u202c \u2066abc\u2069 مرحبا \u200f(1)',
  'emoji joined by ZWJ, with skin tones and flags': '👩🏽‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 🇧🇷 1️⃣',
  'astral letters and private use': '𝕿𝖍𝖊 𐍈 \u{f0000} \ue000',
  noncharacters: 'a\ufffe\uffff\u{1ffff}b',
  'zero width and odd spaces': 'a\u200bb\u2060c\ufeffd\u00a0e\u3000f',
  'line separators and next line': 'a\u2028b\u2029c\u0085d',
  'C1 controls': 'a\u0080b\u009fc',
  'all line breaks and tabs': 'a\nb\r\nc\rd\te',
  'white space at both ends': '  \n two words \t\n ',
  SQL: "'; DROP TABLE posts; -- $1 \\' E'\\x00' $$ ; %s %n",
  'HTML and script': '<script>alert(1)</script><img src=x onerror=alert(1)>&lt;&amp;&#x0;',
  'template and shell': '#{7*7} {{7*7}} `id` $(id) ../../etc/passwd %00 %2e%2e',
  'JSON within': '{"__proto__":{"admin":true}}',
  'words for nothing': 'null undefined NaN Infinity true false 0 -0 1e1000',
  'Postgres escapes': '\\u0000 \\x00 \\000 \\N \\.',
  'the longest description': '𝕏'.repeat(20_000),
}

const refused: Record<string, string> = {
  'a NUL': 'ab\u0000cd',
  'a bell': 'ab\u0007cd',
  DEL: 'ab\u007fcd',
  'an escape sequence': '\u001b[31mred',
  'a lone high surrogate': 'ab\ud800cd',
  'a lone low surrogate': 'ab\udc00cd',
  'surrogates the wrong way round': 'ab\udc00\ud800cd',
  'one code point too many': 'x'.repeat(20_001),
}

const fields = [
  'title',
  'description',
  'category',
  'price',
  'priceKind',
  'condition',
  'attributes',
  'location',
] as const
const wrong: unknown[] = [
  null,
  0,
  1.5,
  -1,
  1e308,
  true,
  '',
  'text',
  [],
  [[]],
  {},
  { a: { b: 1 } },
  { __proto__: null, toString: 1 },
]

let origin: TestOrigin
let seller: TestAccount

beforeAll(async () => {
  origin = await createTestOrigin()
  seller = await origin.createAccount()
})

describe('a description', () => {
  it.each(Object.entries(kept))('of %s comes back code point for code point', async (_, description) => {
    const made = await create({ ...somePost(), description })
    expect(made.status, made.text.slice(0, 300)).toBe(201)
    expect(made.body.description).toBe(description)
    const edited = await edit(made.body.id, { description: `${description.slice(0, 100)}` })
    expect(edited.status === 200 || edited.body.errors[0].field === 'description').toBe(true)
    const read = await origin.request('GET', `/posts/${made.body.id}`, { token: seller.token })
    if (edited.status !== 200) expect(read.body.description).toBe(description)
  })

  it.each(Object.entries(refused))('with %s is refused by name', async (_, description) => {
    const reply = await create({ ...somePost(), description })
    expect(reply.body).toMatchObject({ status: 422, errors: [{ field: 'description', message: expect.any(String) }] })
  })
})

describe('a title', () => {
  it.each(Object.entries({ ...kept, ...refused }))(
    'of %s comes back as it was or is refused by name',
    async (_, title) => {
      const reply = await create({ ...somePost(), title })
      if (reply.status === 201) expect(reply.body.title).toBe(title)
      else expect(reply.body).toMatchObject({ status: 422, errors: [{ field: 'title' }] })
    },
  )
})

describe('a city and a text attribute', () => {
  it.each(Object.entries({ ...kept, ...refused }))(
    'of %s come back as they were or are refused by name',
    async (_, text) => {
      const location = { ...somePost().location, city: text }
      const city = await create({ ...somePost(), location })
      if (city.status === 201) expect(city.body.location.city).toBe(text)
      else expect(new Set(fieldsOf(city))).toEqual(new Set(['location.city']))
      const brand = await create({ ...somePost(), attributes: { brand: text } })
      if (brand.status === 201) expect(brand.body.attributes.brand).toBe(text)
      else expect(new Set(fieldsOf(brand))).toEqual(new Set(['attributes.brand']))
    },
  )
})

describe('a body', () => {
  it.each(fields)('with the wrong type of %s names that field', async field => {
    for (const value of wrong) {
      const reply = await create({ ...somePost(), [field]: value })
      expect([201, 422], reply.text).toContain(reply.status)
      if (reply.status !== 422) continue
      for (const name of fieldsOf(reply))
        expect(name.split('.')[0]).toSatisfy((top: string) => top === field || top === 'price')
    }
  })

  it.each(['attributes', 'location', 'price', 'title'])('nested 64 levels deep in %s is refused', async field => {
    const deep = (open: string, shut: string) => `${open.repeat(64)}1${shut.repeat(64)}`
    for (const value of [deep('[', ']'), deep('{"a":', '}')]) {
      const whole = JSON.stringify({ ...somePost(), [field]: 'HERE' }).replace('"HERE"', value)
      const reply = await raw(whole)
      expect(reply.status, reply.text).toBe(422)
      expect(fieldsOf(reply).every(name => name.startsWith(field))).toBe(true)
    }
  })

  it('nested beyond any stack is refused without harm', async () => {
    const reply = await raw(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
    expect([400, 422]).toContain(reply.status)
  })

  it('of a megabyte is read, and its description refused; a byte more is too large', async () => {
    const most = 1_048_576
    const shell = JSON.stringify({ ...somePost(), description: '' })
    const full = shell.replace('"description":""', `"description":"${'x'.repeat(most - shell.length)}"`)
    expect(Buffer.byteLength(full)).toBe(most)
    expect(fieldsOf(await raw(full))).toEqual(['description'])
    expect((await raw(`${full} `)).body).toMatchObject({ status: 413, code: 'body_too_large' })
  })

  it('with a lone surrogate escaped in a key or a value is answered in well-formed JSON', async () => {
    const reply = await raw(JSON.stringify({ ...somePost(), '\ud800': 1, attributes: { '\udfff': '\ud800' } }))
    expect(reply.status).toBe(422)
    expect(reply.text.isWellFormed()).toBe(true)
  })

  it('that would change the prototype of everything changes nothing', async () => {
    const body = JSON.stringify(somePost()).replace('{', '{"__proto__":{"polluted":1},')
    const nested = JSON.stringify(somePost()).replace(
      '"attributes":{',
      '"attributes":{"__proto__":{"polluted":1},"constructor":1,',
    )
    for (const text of [body, nested]) expect([201, 422]).toContain((await raw(text)).status)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it.each([
    ['', 400],
    ['{', 400],
    ['nonsense', 400],
    ['\ufeff{}', 422],
    ['null', 422],
    ['[]', 422],
    ['"text"', 422],
    ['0', 422],
    ['{"a":1}{"b":2}', 400],
    ["{'a':1}", 400],
  ])('that reads %j is answered %i', async (text, status) => {
    expect((await raw(text)).status).toBe(status)
  })

  it('that is not UTF-8 is refused', async () => {
    const bytes = Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])
    expect((await raw(bytes)).body).toMatchObject({ status: 400, code: 'invalid_json' })
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp', ''])(
    'of type %j is not accepted',
    async type => {
      const reply = await origin.request('POST', '/posts', {
        token: seller.token,
        rawBody: JSON.stringify(somePost()),
        headers: { 'content-type': type },
      })
      expect(reply.body).toMatchObject({ status: 415, code: 'unsupported_media_type' })
    },
  )

  it('with numbers beyond what JSON numbers can hold is refused by name', async () => {
    const text = JSON.stringify(somePost()).replace('"amount":18000', '"amount":1e999')
    expect(fieldsOf(await raw(text))).toEqual(['price.amount'])
    const exact = JSON.stringify(somePost()).replace('"amount":18000', '"amount":999999999999.5')
    expect(fieldsOf(await raw(exact))).toEqual(['price.amount'])
  })
})

function create(body: object) {
  return origin.request('POST', '/posts', { token: seller.token, body })
}

function raw(rawBody: string | Uint8Array<ArrayBuffer>) {
  return origin.request('POST', '/posts', { token: seller.token, rawBody })
}

function edit(id: string, body: object) {
  return origin.request('PATCH', `/posts/${id}`, { token: seller.token, body, headers: { 'if-match': '*' } })
}

function fieldsOf(reply: { body: { errors?: { field: string }[] } }): string[] {
  return (reply.body.errors ?? []).map(error => error.field)
}
