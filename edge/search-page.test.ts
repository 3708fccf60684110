import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createId } from '../shared/ids.ts'
import { runtimes, startEdge, type TestEdge } from './testing/harness.ts'
import { problem } from './testing/stub-origin.ts'

const instant = '2026-11-01T10:00:00.000Z'
const leipzig = { country: 'DE', subdivision: 'DE-SN', city: 'Leipzig', lat: 51.34, lon: 12.37 }
const halle = { country: 'DE', subdivision: 'DE-ST', city: 'Halle', lat: 51.48, lon: 11.97 }
const post = {
  id: createId('eu'),
  title: 'Trek bike <54>',
  description: '',
  category: 'bicycles',
  price: { amount: 25_000, currency: 'EUR' },
  priceKind: 'fixed',
  condition: 'good',
  attributes: { brand: 'Trek' },
  location: halle,
  status: 'active',
  version: 1,
  createdAt: instant,
  publishedAt: instant,
  bumpedAt: instant,
  expiresAt: instant,
  soldAt: null,
  seller: { id: createId('eu'), displayName: 'Maria', memberSince: instant },
  images: [],
}
const result = {
  items: [post],
  total: { value: 1_234, relation: 'eq' },
  facets: {
    category: [
      { value: 'bicycles', count: 740 },
      { value: 'kids-bikes', count: 48 },
    ],
    condition: [
      { value: 'good', count: 611 },
      { value: 'new', count: 98 },
    ],
    'attr.brand': [
      { value: 'trek', count: 161 },
      { value: 'bianchi', count: 12 },
    ],
    'attr.type': [{ value: 'road', count: 180 }],
  },
  nextCursor: 'next-page',
  suggestion: null,
  help: null,
  engine: 'opensearch',
  degraded: false,
  missingRegions: [],
}
/** The same as a region's part of the world. */
const regional = (part: typeof result) => ({
  ...part,
  sort: 'newest',
  positions: part.items.map((_, key) => ({ key, cursor: 'after-it' })),
})
const nothing = { ...result, items: [], total: { value: 0, relation: 'eq' }, facets: {}, nextCursor: null }

describe.each(runtimes)('the search page in %s', runtime => {
  let edge: TestEdge
  beforeAll(async () => {
    edge = await startEdge(runtime)
  })
  afterAll(() => edge.stop())
  beforeEach(() => edge.reset())

  const answer = (body: object | ReturnType<typeof problem>, places: object[] = []) =>
    edge.origins.eu.on(({ path, query }) => {
      if (path === '/api/v1/search') {
        if ('status' in body) return body as ReturnType<typeof problem>
        return { body: query.get('scope') === 'world' ? regional(body as typeof result) : body }
      }
      return path === '/api/v1/places' ? { body: { items: places } } : undefined
    })
  const open = (query: string, language = 'en-GB') =>
    edge.ask(`/search${query && `?${query}`}`, { headers: { cookie: 'from=DE', 'accept-language': language } })
  const askedFor = () => {
    const { limit, ...query } = Object.fromEntries(
      edge.origins.eu.recorded.find(({ path }) => path === '/api/v1/search')?.query ?? [],
    )
    expect(limit).toBe('24')
    return query
  }
  const chipsIn = (text: string) =>
    [...text.matchAll(/class="chip" href="([^"]*)"><bdi>([^<]*)/g)].map(([, href = '', label]) => [
      label,
      href.replaceAll('&amp;', '&'),
    ])

  it('turns its plain form into a query, whatever says nothing left out', async () => {
    answer(result)
    const page = await open(
      'q=+trek+bike&category=bicycles&min=1.250,50&max=&currency=EUR&condition=new&condition=good&attr.type=road&attr.type=city' +
        '&attr.gears.min=8&attr.gears.max=&attr.frameSize=56..60&sort=distance&radius=25&place=Leipzig&near=51.34,12.37&nearOf=Leipzig' +
        '&unknown=1&attr.rooms=3&area=world',
    )
    expect(page.status).toBe(200)
    expect(askedFor()).toEqual({
      q: 'trek bike',
      category: 'bicycles',
      minPrice: '125050',
      currency: 'EUR',
      condition: 'new,good',
      'attr.type': 'road,city',
      'attr.gears': '8..',
      'attr.frameSize': '56..60',
      sort: 'distance',
      near: '51.34,12.37',
      radius: '25',
      region: 'eu',
    })
    edge.reset()
    // Nobody is near to a whole country, and a currency means nothing but beside an amount.
    await open('sort=distance&currency=USD')
    expect(askedFor()).toEqual({ sort: 'relevance', country: 'DE' })
    edge.reset()
    // What names no area means none.
    answer(result)
    const { text } = await open('area=mars&country=xx')
    expect(askedFor()).toEqual({ sort: 'relevance', country: 'DE' })
    expect(text).toContain('in Germany')
  })

  it('looks in a state, around a city, in a country, a region or everywhere', async () => {
    const where = async (query: string, places: object[] = []) => {
      edge.reset()
      answer(result, places)
      const page = await open(`q=x&${query}`)
      const { q: _, sort: __, ...rest } = askedFor()
      return [rest, />“x”<\/bdi><\/h1> <p class="about">([^<]*)/.exec(page.text)?.[1]]
    }
    expect(await where('area=DE-SN')).toEqual([{ country: 'DE', subdivision: 'DE-SN' }, 'in Sachsen'])
    expect(await where('area=region')).toEqual([{ region: 'eu' }, 'in Europe and Africa'])
    expect(await where('radius=any')).toEqual([{ region: 'eu' }, 'in Europe and Africa'])
    expect(await where('area=world')).toEqual([{ scope: 'world', region: 'eu' }, 'everywhere'])
    expect(await where('scope=world')).toEqual([{ scope: 'world', region: 'eu' }, 'everywhere'])
    expect(await where('country=FR')).toEqual([{ country: 'FR' }, 'in France'])
    expect(await where('country=US&area=DE-SN')).toEqual([{ country: 'DE', subdivision: 'DE-SN' }, 'in Sachsen'])
    expect(await where('radius=50&place=Leipzig&near=51.34,12.37&nearOf=Leipzig')).toEqual([
      { near: '51.34,12.37', radius: '50', region: 'eu' },
      'within 50 km of Leipzig',
    ])
  })

  it('is near to a city that was typed, whatever else its page was about; takes a country by its name; and says so above', async () => {
    const lyon = { ...leipzig, city: 'Lyon', country: 'FR', subdivision: null, lat: 45.75, lon: 4.85 }
    const typed = async (query: string, places: object[] = [lyon]) => {
      edge.reset()
      answer(result, places)
      const { text } = await open(query)
      const { q: _, sort: __, ...rest } = askedFor()
      const [, value] = /id="where" name="place" value(?:="([^"]*)")?/.exec(text) ?? []
      const [, placeholder] = /id="where"[^>]*placeholder="([^"]*)"/.exec(text) ?? []
      return [rest, value ?? '', placeholder]
    }
    const nearLyon = [{ near: '45.75,4.85', radius: '50', region: 'eu' }, 'Lyon', 'France']
    expect(await typed('q=x&place=lyon&nearOf=&radius=&country=DE')).toEqual(nearLyon)
    expect(await typed('q=x&place=Lyon&near=51,12&nearOf=Leipzig&radius=&area=world&country=DE')).toEqual(nearLyon)
    expect(await typed('q=x&place=Leipzig&near=51,12&nearOf=Leipzig&radius=&country=DE')).toEqual([
      { country: 'DE' },
      '',
      'Germany',
    ])
    expect(await typed('q=x&place=&near=51,12&nearOf=Leipzig&radius=50&country=DE')).toEqual([
      { country: 'DE' },
      '',
      'Germany',
    ])
    expect(await typed('q=x&place=france&radius=50&country=DE')).toEqual([{ country: 'FR' }, '', 'France'])
    expect(await typed('q=x&place=UK')).toEqual([{ country: 'GB' }, '', 'United Kingdom'])
    expect(await typed('q=x&place=Everywhere&country=DE')).toEqual([{ scope: 'world', region: 'eu' }, '', 'Everywhere'])
    expect(await typed('q=x&radius=15')).toEqual([
      { near: '52.52,13.41', radius: '15', region: 'eu' },
      'Berlin',
      'Germany',
    ])
  })

  it('makes links that are the same search for everybody', async () => {
    const lyon = { ...leipzig, city: 'Lyon', country: 'FR', subdivision: null, lat: 45.75, lon: 4.85 }
    const asked = async (path: string, from: string) => {
      edge.reset()
      answer(result, [lyon])
      const reply = await edge.ask(path, { headers: { cookie: `from=${from}`, 'accept-language': 'en-GB' } })
      const [, own = ''] = /data-path="([^"]*)"/.exec(reply.text) ?? []
      return { own: own.replaceAll('&amp;', '&'), query: askedFor(), text: reply.text }
    }
    for (const query of [
      'q=x',
      'q=x&radius=50',
      'q=x&max=9',
      'q=x&sort=price',
      'q=x&place=Lyon&min=5&currency=SEK&country=SE',
    ]) {
      const mine = await asked(`/search?${query}`, 'DE')
      const yours = await asked(mine.own, 'FR')
      expect(yours.query, query).toEqual(mine.query)
      expect(yours.own, query).toBe(mine.own)
      expect(mine.own, query).toMatch(/[?&]country=/)
      for (const form of ['<form class="pill"', '<form id="filters"'])
        expect(mine.text.slice(mine.text.indexOf(form)).split('</form>')[0], form).toContain(
          `name="country" value="${query.includes('Lyon') ? 'FR' : 'DE'}"`,
        )
    }
    // Another country has other money, unless somebody says which.
    expect((await asked('/search?place=Lyon&min=5&currency=SEK&country=SE', 'DE')).query).toMatchObject({
      minPrice: '500',
      currency: 'EUR',
    })
  })

  it('names the currency when prices of the world are compared', async () => {
    answer(result)
    await open('q=x&area=world&sort=price&currency=USD')
    expect(askedFor()).toMatchObject({ scope: 'world', sort: 'price', currency: 'USD' })
  })

  it('says how many there are, how far they are, and what each choice would leave', async () => {
    answer(result)
    const { text } = await open('q=trek+bike&category=bicycles&radius=50&place=Leipzig&near=51.34,12.37&nearOf=Leipzig')
    expect(text).toContain('1,234 posts for <bdi>“trek bike”</bdi></h1>')
    expect(text).toContain('<title>trek bike: 1,234 posts near Leipzig · ClassifyHub</title>')
    expect(text).toContain('Halle · 32 km · ')
    expect(text).toContain('Show 1,234 posts')
    expect(text).toContain('name="condition" value="good"/><span>Good</span> <small>611</small>')
    expect(text).toContain(
      'name="category" value="kids-bikes"/><span>Kids&#39; bikes</span> <small>48</small>'.replace('&#39;', "'"),
    )
    // As the posts write it; what none of them has is not offered.
    expect(text).toContain('name="attr.brand" value="trek"/><span>Trek</span> <small>161</small>')
    expect(text).not.toContain('value="for_parts"')
    expect(text).toContain('value="distance"')
    expect(text).toContain('cursor=next-page')
    expect(text).toMatch(/name="q" value="trek bike"/)
    edge.reset()
    answer({ ...result, total: { value: 10_000, relation: 'gte' } })
    expect((await open('q=bike')).text).toContain('More than 10,000 posts for <bdi>“bike”')
  })

  it('shows what narrows it as links that lift one thing each', async () => {
    answer(result)
    const query =
      'q=bike&category=bicycles&max=350&condition=new&condition=good&attr.type=road&attr.gears.min=8&area=world&currency=USD'
    const [, cursor] = /[?;]cursor=([^"&]+)/.exec((await open(query)).text) ?? []
    expect(cursor).toBeDefined()
    const { text } = await open(`${query}&cursor=${cursor}`)
    const rest = (change: Record<string, string>) => {
      const all = {
        q: 'bike',
        category: 'bicycles',
        max: '350',
        currency: 'USD',
        area: 'world',
        condition: 'new,good',
        'attr.type': 'road',
        'attr.gears.min': '8',
        country: 'DE',
        ...change,
      }
      return Object.fromEntries(Object.entries(all).filter(([, value]) => value))
    }
    const fieldsOf = (href: string) => Object.fromEntries(new URL(href, 'http://x').searchParams)
    expect(chipsIn(text).map(([label, href = '']) => [label, fieldsOf(href)])).toEqual([
      ['Bicycles', rest({ category: '', 'attr.type': '', 'attr.gears.min': '' })],
      ['Up to $350', rest({ max: '', currency: '' })],
      ['Everywhere', rest({ area: '' })],
      ['New', rest({ condition: 'good' })],
      ['Good', rest({ condition: 'new' })],
      ['Road', rest({ 'attr.type': '' })],
      ['Gears: from 8', rest({ 'attr.gears.min': '' })],
    ])
    expect(text).toContain('<a href="/search?q=bike&amp;country=DE">Clear all</a>')
  })

  it('says when what is shown is of another spelling already', async () => {
    answer({ ...result, suggestion: { q: 'trek', total: result.total, applied: true } })
    const { text } = await open('q=treck')
    expect(text).toMatch(
      /Showing results for <a href="\/search\?q=trek&amp;[^"]*"><bdi>trek<\/bdi><\/a>\. Words in quotation marks stay as they are\./,
    )
    expect(text).not.toContain('Did you mean')
  })

  it('offers another spelling and what lies near where nothing is found', async () => {
    answer({
      ...nothing,
      suggestion: { q: 'trek "bike"', total: { value: 14, relation: 'eq' } },
      help: {
        wider: { radius: 150, total: 3 },
        without: [
          { filter: 'minPrice', total: 2 },
          { filter: 'near', total: 6 },
          { filter: 'attr.type', total: 1 },
        ],
        categories: [
          { category: 'bicycles', total: 9 },
          { category: 'kids-bikes', total: 4 },
        ],
      },
    })
    edge.origins.eu.on(({ query }) => {
      if (query.get('limit') !== '1') return undefined
      const asked = [query.get('category'), query.get('minPrice'), query.get('country')]
      expect([...query.keys()].filter(name => name.startsWith('attr.'))).toEqual([])
      return { body: { ...result, total: { value: asked[1] ? 211 : 240, relation: 'eq' } } }
    })
    const { status, text } = await open('q=treck&category=bicycles&radius=15&min=5&attr.type=road')
    expect(status).toBe(200)
    expect(text).toMatch(
      /Did you mean <a href="\/search\?q=trek\+%22bike%22&amp;[^"]*"><bdi>trek (?:"|&quot;)bike(?:"|&quot;)<\/bdi><\/a>\? 14 posts\./,
    )
    const main = text.slice(text.indexOf('Nothing matches yet'))
    const leads = [...main.matchAll(/<a (?:class="btn sea" )?href="(\/search[^"]*)">([^<]*)<\/a>/g)].map(
      ([, href = '', label]) => [
        label,
        Object.fromEntries(new URL(href.replaceAll('&amp;', '&'), 'http://x').searchParams),
      ],
    )
    const here = { radius: '15', place: 'Berlin', near: '52.52,13.41', nearOf: 'Berlin' }
    const common = { q: 'treck', country: 'DE' }
    const money = { min: '5', currency: 'EUR' }
    const all = { ...common, ...money, ...here, category: 'bicycles', 'attr.type': 'road' }
    const { min: _, currency: __, ...anyPrice } = all
    const { 'attr.type': ___, ...anyType } = all
    const { category: ____, ...anyCategory } = anyType
    const anywhere = { ...common, ...money, category: 'bicycles', 'attr.type': 'road' }
    expect(leads).toEqual([
      ['In all categories: 211 posts', anyCategory],
      ['Within 150 km: 3 posts', { ...all, radius: '150' }],
      ['Without the price limit: 2 posts', anyPrice],
      ['Anywhere in Europe and Africa: 6 posts', { ...anywhere, area: 'region' }],
      ['Without the type: 1 post', anyType],
      ["In Kids' bikes: 4 posts", { ...anyType, category: 'kids-bikes' }],
      ['Clear all filters: 240 posts', common],
      ['Search everywhere', { ...anywhere, area: 'world' }],
    ])
    expect(main).toContain('class="btn sea" href="/search')
  })

  it('leads on without numbers where nobody counts in time', async () => {
    answer(nothing)
    edge.origins.eu.on(({ query }) => (query.get('limit') === '1' ? problem(503, 'service_unavailable') : undefined))
    const { status, text } = await open('q=sofa&category=bicycles&condition=good')
    expect(status).toBe(200)
    expect(text).toMatch(/<a class="btn sea" href="[^"]*">In all categories<\/a>/)
    expect(text).toContain('>Clear all filters</a>')
  })

  it('says in a line that it runs in its simple mode, and which regions are silent', async () => {
    answer({ ...result, degraded: true })
    const { text } = await open('q=bike&area=world')
    expect(text).toContain('Search runs in its simple mode just now.')
    expect(text).toContain('The Americas and Asia-Pacific did not answer: posts from there are missing.')
  })

  it('keeps what was typed and says what is wrong with it, asking nobody', async () => {
    answer(result)
    const { status, text, headers } = await open(
      'q=bike&category=bicycles&min=abc&max=xyz&radius=15&place=Nowhere&attr.gears.min=many&attr.gears.max=3',
    )
    expect([status, headers['cache-control']]).toEqual([422, 'no-store'])
    for (const typed of ['value="abc"', 'value="Nowhere"', 'value="many"', 'value="3"', 'name="q" value="bike"'])
      expect(text).toContain(typed)
    // Each beside its field, which names it, and once more where the posts would be.
    for (const [name, said] of [
      ['min', 'Lowest price must be an amount in EUR'],
      ['max', 'Highest price must be an amount in EUR'],
      ['attr.gears.min', 'Gears (min) must be a number.'],
    ] as const) {
      expect(text).toMatch(new RegExp(`name="${name}"[^>]* aria-invalid="true" aria-describedby="h-${name}"`))
      expect(text).toContain(`id="h-${name}">${said}`)
      expect(text).toContain(`id="fault-${name}">${said}`)
    }
    expect(text).toMatch(/id="where"[^>]*value="Nowhere"[^>]*aria-invalid="true" aria-describedby="fault-place"/)
    expect(text).toContain('id="fault-place">We do not know this city: try another spelling.')
    expect(text).toContain('<title>A filter needs another look: bike')
    expect(edge.origins.eu.recorded.filter(({ path }) => path === '/api/v1/search')).toEqual([])
    expect((await open('radius=900')).text).toContain('The distance must be from 1 to 500 km.')
    const nonsense = await open('category=nonsense')
    expect([nonsense.status, nonsense.text.includes('There is no such category.')]).toEqual([422, true])
  })

  it('shows whatever was pasted as text, and of a long one the beginning', async () => {
    answer(result)
    const pasted = '"><script>alert(1)</script>\u0000 \u202e $& \'; DROP'
    const { status, text } = await open(`q=${encodeURIComponent(pasted)}`)
    expect(status).toBe(200)
    expect(text).not.toContain('<script>alert')
    expect(text).not.toContain('\u0000')
    expect(askedFor().q).toBe('"><script>alert(1)</script>  \u202e $& \'; DROP')
    const long = (await open(`q=${'w'.repeat(1_000)}`)).text
    expect(long).toContain(`<bdi>“${'w'.repeat(79)}…”</bdi>`)
    expect(long).toContain(`value="${'w'.repeat(1_000)}"`)
  })

  it('says beside the fields what the API finds wrong', async () => {
    const errors = [
      { field: 'q', message: 'must have at most 1000 characters' },
      { field: 'minPrice', message: 'is odd' },
    ]
    answer(problem(422, 'invalid_input', { errors }))
    const { status, text } = await open('q=long&min=1')
    expect(status).toBe(422)
    expect(text).toContain('What you look for must have at most 1000 characters.')
    expect(text).toContain('Lowest price is odd.')
  })

  it('leads from a cursor that is no good to the first page', async () => {
    for (const refusal of [
      problem(400, 'invalid_cursor'),
      problem(422, 'invalid_input', { errors: [{ field: 'cursor', message: 'is too long' }] }),
    ]) {
      edge.reset()
      answer(refusal)
      const reply = await open('q=bike&condition=good&cursor=stale')
      expect([reply.status, reply.headers.location]).toEqual([303, '/search?q=bike&condition=good'])
    }
  })

  it('is for no index of the web, but where it asks for nothing; and is kept by nobody else', async () => {
    answer(result)
    const bare = await open('')
    expect(bare.text).toMatch(/<link rel="canonical" href="http:\/\/[^/"]*\/search"\/>/)
    expect(bare.text).not.toContain('noindex')
    for (const query of ['q=bike', 'category=bikes', 'cursor=next-page']) {
      const page = await open(query)
      expect(page.text).toContain('<meta name="robots" content="noindex"/>')
      expect(page.text).not.toContain('rel="canonical"')
      expect(page.headers['cache-control']).toBe('private, no-cache')
      expect(page.headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
    }
  })

  it.each(['drop', 'hang'] as const)('keeps the search when the region does not answer (%s)', async how => {
    edge.origins.eu.on(({ path }) => (path === '/api/v1/search' ? how : undefined))
    const began = Date.now()
    const { status, text, headers } = await open('q=bike&max=50&radius=15')
    // Promised: nobody waits longer than 4 s for a search.
    expect(Date.now() - began).toBeLessThan(5_000)
    expect([status, headers['cache-control']]).toEqual([503, 'no-store'])
    expect(text).toContain('name="q" value="bike"')
    expect(text).toContain('name="max"')
    expect(text).toContain('No answer from Europe and Africa')
    expect(text).toMatch(/<a class="btn sea" href="\/search\?q=bike[^"]*max=50[^"]*">Try again/)
    expect(text).toMatch(/<a class="btn" href="\/search\?q=bike[^"]*area=world[^"]*">Search the other regions/)
  })

  it('keeps the search when nobody can say where a city lies', async () => {
    edge.origins.eu.on(({ path }) => (path === '/api/v1/places' ? 'drop' : undefined))
    const { status, text } = await open('q=bike&place=Lyon')
    expect(status).toBe(503)
    expect(text).toMatch(/id="where" name="place" value="Lyon"/)
  })

  it('is where the search of every page leads, which keeps the category of a list', async () => {
    const list = await edge.ask('/c/bicycles', { headers: { cookie: 'from=DE' } })
    const pill = /<search>.*<\/search>/s.exec(list.text)?.[0] ?? ''
    expect(pill).toContain('action="/search"')
    // To be seen, and to be lifted without a script.
    expect(pill).toContain(
      '<input type="checkbox" name="category" value="bicycles" form="find" checked/>Only in Bicycles',
    )
    const home = await edge.ask('/', { headers: { cookie: 'from=DE' } })
    expect(/<search>.*<\/search>/s.exec(home.text)?.[0]).not.toContain('name="category"')
    // A search begins in the whole country, wherever it begins.
    for (const { text } of [list, home]) {
      expect(text).toMatch(/id="where" name="place" value(="")? [^>]*placeholder="Germany"/)
      expect(text).toMatch(/<option value(="")? selected>Any distance/)
    }
  })
})
