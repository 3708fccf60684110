import type { Account, Session } from '../shared/account.ts'
import { type Image, type OwnImage, variantSteps } from '../shared/media.ts'
import type { Message, Thread } from '../shared/message.ts'
import type { OwnPost, OwnStatus, Post } from '../shared/post.ts'
import type { Report } from '../shared/report.ts'
import type { SearchResult } from '../shared/search.ts'
import { type Assets, emptyForm, type Page, type SearchPage, type Shell } from './page-model.ts'

/* Made-up posts and pages for the tests and benchmarks of this room. */

export const assets: Assets = {
  css: '/assets/site-07fyl3Zr.css',
  js: '/assets/client-08nwglWn.js',
  font: '/assets/bricolage-grotesque-latin-wght-normal-DLoelf7F.woff2',
  icons: '/assets/icons-19zndUzX.svg',
}

export const shell: Shell = {
  locale: 'en-US',
  region: 'na',
  place: { city: 'Brooklyn', country: 'US', subdivision: 'US-NY', lat: 40.65, lon: -73.95 },
  currency: 'USD',
  path: '/',
  origin: 'https://classifyhub.example',
  viewer: null,
  localGeo: null,
  requestId: '01k8z3v6n4c2f1m9q7t5',
}

const ads: [string, string, number][] = [
  ['bicycles', 'Steel touring bike, 56 cm, new chain', 38000],
  ['bicycles', 'City bike with basket and dynamo lights', 14500],
  ['electric-bikes', 'Folding e-bike, 420 Wh, under 900 km', 89000],
  ['kids-bikes', "Kids' bike 20 inch, red, ready to ride", 6000],
  ['cargo-bikes', 'Front loader for two children, rain cover', 165000],
  ['bike-parts', 'Brooks saddle, broken in, honey', 7000],
  ['bicycles', 'Gravel bike, carbon fork, tubeless wheels', 112000],
  ['bike-accessories', 'Two waterproof panniers, 20 l each', 5500],
  ['bicycles', 'Single speed, matte black, 54 cm', 24000],
  ['bicycles', 'Old mountain bike for parts or a patient hand', 0],
  ['kids-bikes', 'Balance bike, wooden, for small explorers', 3500],
  ['bike-accessories', 'Helmet, size M, worn twice', 2500],
  ['bicycles', 'Road bike 58 cm, 105 groupset, serviced in spring', 69000],
  ['electric-bikes', 'Step-through e-bike with spare battery and charger', 124000],
  ['bicycles', 'Tandem, rides straight, needs a polish', 31000],
  ['bike-parts', 'Wheelset 28 inch with disc rotors', 18000],
  ['bicycles', 'Dutch omafiets, coaster brake', 16000],
  ['bicycles', 'Hybrid commuter with rack and mudguards', 27500],
  ['bike-accessories', 'Floor pump with gauge', 1800],
  ['bicycles', 'Fixed gear frame, track ends, size 52', 9500],
  ['cargo-bikes', 'Longtail with bench and footpegs', 148000],
  ['bicycles', 'Women’s touring bike, triple crankset', 21000],
  ['bike-parts', 'Handlebar bag and bottle cages', 2200],
  ['bicycles', 'BMX, freestyle, one owner', 12500],
]
const cities: [string, string][] = [
  ['Brooklyn', 'US-NY'],
  ['Hoboken', 'US-NJ'],
  ['Long Island City', 'US-NY'],
  ['Jersey City', 'US-NJ'],
  ['Yonkers', 'US-NY'],
]
const sellers = ['Maria Reyes', 'Jon Abara', 'Lena Novak', 'Priya Raman', 'Tom Okafor']

const digits = '0123456789abcdefghjkmnpqrstvwxyz'

/** Ids with as little repetition as real ones have. */
export function idOf(seed: number): string {
  let state = (seed + 1) * 2_654_435_761
  let id = ''
  for (let i = 0; i < 16; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    id += digits[state >>> 27]
  }
  return `na_01kap${digits[seed % 32]}q7v4${id}`
}

export function postOf(seed: number, change: Partial<Post> = {}): Post {
  const [category, title, amount] = ads[seed % ads.length] ?? ['bicycles', 'Bike', 100]
  const [city, subdivision] = cities[(seed * 7) % cities.length] ?? ['Brooklyn', 'US-NY']
  const at = new Date(Date.UTC(2026, 10, 22, 18, 40) - seed * seed * 1_460_000).toISOString()
  return {
    id: idOf(seed),
    title,
    description:
      'Bought new in 2021 and ridden on weekends only.\n\nFresh chain and brake pads. One scratch on the top tube, see the photo.\nComes with the lock.',
    category,
    price: amount ? { amount, currency: 'USD' } : null,
    priceKind: amount ? (seed % 3 ? 'fixed' : 'negotiable') : 'free',
    condition: 'good',
    attributes: {},
    location: { country: 'US', subdivision, city, lat: 40.65 + seed / 100, lon: -73.95 },
    status: seed % 9 === 4 ? 'reserved' : 'active',
    version: 1,
    createdAt: at,
    publishedAt: at,
    bumpedAt: at,
    expiresAt: '2026-12-20T12:00:00.000Z',
    soldAt: null,
    seller: {
      id: idOf(seed + 500),
      displayName: sellers[seed % sellers.length] ?? 'Maria Reyes',
      memberSince: '2021-04-02T09:00:00.000Z',
    },
    images: [0, 1, 2, 3].slice(0, 1 + (seed % 4)).map(each => imageOf(seed + each * 100)),
    ...change,
  }
}

const colors = ['#8fa3ad', '#b79f7c', '#4c5a4e', '#d8d2c4', '#7d3f2f', '#27313f']
const shapes = [
  [1920, 1440],
  [1440, 1920],
  [1920, 1280],
  [900, 900],
] as const

/** A photo with the variants that the worker would make of it. */
export function imageOf(seed: number, change: Partial<Image> = {}): Image {
  const [width, height] = shapes[(seed * 5) % shapes.length] ?? [1920, 1440]
  const variants = variantSteps
    .filter((_, index) => index === 0 || width > (variantSteps[index - 1] ?? 0))
    .map(step => ({ step, width: Math.min(step, width), height: Math.round((height * Math.min(step, width)) / width) }))
  return {
    id: idOf(2_000 + seed),
    width,
    height,
    variants,
    color: colors[(seed * 7) % colors.length] ?? '#8fa3ad',
    thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
    alt: '',
    ...change,
  }
}

export function ownImageOf(seed: number, change: Partial<OwnImage> = {}): OwnImage {
  const image = imageOf(seed)
  const fileName = `IMG_${4_210 + seed}.jpg`
  const createdAt = '2026-11-22T09:00:00.000Z'
  return { id: image.id, state: 'ready', problem: null, fileName, alt: '', createdAt, image, ...change }
}

export const posts: Post[] = ads.map((_, seed) => postOf(seed))

export function ownOf(seed: number, ownStatus: OwnStatus, change: Partial<OwnPost> = {}): OwnPost {
  const status = ownStatus === 'expired' ? 'active' : ownStatus
  return {
    ...postOf(seed, { status }),
    ownStatus,
    visible: ownStatus === 'active' || ownStatus === 'reserved' || ownStatus === 'sold',
    removalReason: ownStatus === 'removed' ? 'Photos of somebody else’s bike.' : null,
    renewableFrom: null,
    canRenew: ownStatus === 'active' || ownStatus === 'expired',
    externalId: null,
    ...change,
  }
}

export const account: Account = {
  id: idOf(900),
  email: 'maria@example.com',
  displayName: 'Maria Reyes',
  role: 'member',
  region: 'na',
  country: 'US',
  locale: 'en-US',
  timeZone: 'America/New_York',
  currency: 'USD',
  mailTrouble: null,
  createdAt: '2021-04-02T09:00:00.000Z',
  version: 1,
}

export const sessions: Session[] = [
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', true] as const,
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1',
    false,
  ] as const,
].map(([userAgent, current], index) => ({
  id: idOf(700 + index),
  current,
  userAgent,
  country: 'US',
  createdAt: '2026-11-01T09:00:00.000Z',
  lastUsedAt: '2026-11-22T09:00:00.000Z',
  expiresAt: '2027-01-30T09:00:00.000Z',
}))

export function threadOf(seed: number, change: Partial<Thread> = {}): Thread {
  const { id, title, category, price, priceKind, seller, images } = postOf(seed)
  return {
    id: idOf(300 + seed),
    role: seed % 2 ? 'seller' : 'buyer',
    post: { id, title, category, price, priceKind, state: 'active', cover: seed === 3 ? null : (images[0] ?? null) },
    other: { id: seller.id, name: seller.displayName },
    lastActivityAt: new Date(Date.UTC(2026, 10, 22, 18, 40) - seed * 9_000_000).toISOString(),
    unread: seed === 0 ? 2 : 0,
    last: { text: 'Tomorrow after six would be perfect. I bring the money in cash.', mine: seed % 3 === 1 },
    open: true,
    blocked: null,
    ...change,
  }
}

const said: [string, boolean][] = [
  ['Hi, is the touring bike still available?', true],
  ['It is. Do you want to try it? I live near the park.', false],
  ['Yes please.\nIs tomorrow after six all right?\nYou can reach me at 555 0123 or www.example.com', true],
  ['Perfect. See you at the fountain.', false],
]
export const messages: Message[] = said.map(([text, mine], index) => ({
  id: idOf(400 + index),
  number: index + 1,
  mine,
  text,
  removed: false,
  removalReason: null,
  createdAt: new Date(Date.UTC(2026, 10, 21 + (index >> 1), 17, 5 + index * 7)).toISOString(),
}))

const thread = {
  name: 'thread',
  thread: threadOf(0),
  messages,
  earlier: null,
  newest: true,
  form: emptyForm,
  formKey: 'k8z3',
  timeZone: 'America/New_York',
  notice: null,
} as const

export function reportOf(seed: number, change: Partial<Report> = {}): Report {
  const { id, title, description, seller, category, images } = postOf(seed)
  return {
    id: idOf(600 + seed),
    subject: 'post',
    subjectId: id,
    reason: 'fraud',
    text: 'The same pictures are on another site, from another town.',
    createdAt: '2026-11-22T11:00:00.000Z',
    signedIn: true,
    others: seed,
    about: {
      id: seller.id,
      name: seller.displayName,
      memberSince: seller.memberSince,
      home: 'na',
      suspended: false,
      earlier: 1,
    },
    post: { id, title, description, status: 'active', category, images },
    messages: [],
    outcomes: ['suspend', 'remove', 'dismiss'],
    ...change,
  }
}

const queues = [
  { region: 'na', waiting: 3 },
  { region: 'eu', waiting: 0 },
  { region: 'ap', waiting: null },
] as const
const moderator = { viewer: { displayName: 'Kim', role: 'moderator' }, csrf: 'c' } as const
const noLink = { state: 'open', title: null, postId: null, topic: null, exportId: null, until: null } as const
const dataLink = { ...noLink, action: 'download', exportId: 'na_1', until: '2026-11-25T09:00:00.000Z' } as const
const member = { viewer: { displayName: 'Jon Abara', role: 'member', unread: 2 }, csrf: 'c' } as const
const wrong = {
  values: {
    title: 'Steel touring bike',
    'attr.frameSize': 'big',
    placeQuery: 'Springfield',
    priceAmount: '38o',
    currency: 'USD',
    priceKind: 'fixed',
    condition: 'like_new',
    description: 'One scratch.',
  },
  errors: {
    'attr.frameSize': 'must be a number',
    priceAmount: 'write an amount such as 250',
    placeQuery: 'Which one do you mean?',
  },
}
const counts = { total: 34, newThisWeek: 7 }
const sell = {
  name: 'sell',
  category: 'bicycles',
  form: emptyForm,
  formKey: 'k8z3',
  placeOptions: [],
  edit: null,
} as const
const usual = { currency: 'USD', low: 20_000, median: 27_500, high: 35_000, count: 14 }

const detail = postOf(0, {
  attributes: { brand: 'Surly', model: 'Long Haul', type: 'touring', frameSize: 56, wheelSize: 26, gears: 27 },
  condition: 'like_new',
  images: [imageOf(8, { alt: 'The bike from the left, leaning on a wall' }), imageOf(1), imageOf(2), imageOf(3)],
})

/** Every page in the states that matter, by a name for its file. */
const found: SearchResult = {
  items: posts.map(post => ({ ...post, attributes: { frameSize: 56, wheelSize: 28, gears: 21 } })),
  total: { value: 1_234, relation: 'eq' },
  facets: {
    category: [
      { value: 'bicycles', count: 740 },
      { value: 'bike-parts', count: 201 },
      { value: 'kids-bikes', count: 148 },
      { value: 'bike-accessories', count: 102 },
      { value: 'electric-bikes', count: 31 },
      { value: 'cargo-bikes', count: 12 },
    ],
    condition: [
      { value: 'good', count: 611 },
      { value: 'like_new', count: 270 },
      { value: 'worn', count: 205 },
      { value: 'new', count: 98 },
      { value: 'for_parts', count: 50 },
    ],
    'attr.brand': [
      { value: 'trek', count: 61 },
      { value: 'giant', count: 48 },
      { value: 'specialized', count: 39 },
      { value: 'bianchi', count: 12 },
    ],
    'attr.type': [
      { value: 'city', count: 201 },
      { value: 'road', count: 180 },
      { value: 'mountain', count: 92 },
      { value: 'folding', count: 33 },
    ],
  },
  nextCursor: 'eyJ2IjoxfQ',
  suggestion: null,
  help: null,
  engine: 'postgres',
  degraded: false,
  missingRegions: [],
}
const search: SearchPage = {
  name: 'search',
  category: 'bicycles',
  filters: {
    q: 'bike',
    category: 'bicycles',
    radius: '50',
    max: '350',
    condition: 'good,like_new',
    'attr.type': 'road',
    country: 'US',
    place: 'Brooklyn, NY',
    near: '40.65,-73.95',
    nearOf: 'Brooklyn, NY',
    currency: 'USD',
  },
  errors: {},
  prices: { currency: 'USD', max: 35_000 },
  near: null,
  country: 'US',
  centre: { lat: 40.65, lon: -73.95 },
  cursor: false,
  result: found,
}

export const pages: Record<string, { page: Page; shell?: Partial<Shell> }> = {
  home: {
    page: {
      name: 'home',
      scope: 'near',
      posts: posts.slice(0, 20),
      counts: { total: 9000, newThisWeek: 2314 },
      notice: null,
    },
    shell: { localGeo: { options: ['BR', 'DE', 'IN', 'JP', 'US'], current: 'US' } },
  },
  'home-down': { page: { name: 'home', scope: 'near', posts: null, counts: null, notice: null } },
  'home-member': {
    page: { name: 'home', scope: 'country', posts, counts, notice: 'verified' },
    shell: { viewer: { displayName: 'Maria Reyes', role: 'member' }, csrf: 'c' },
  },
  category: {
    page: {
      name: 'category',
      category: 'bikes',
      filters: {},
      errors: {},
      near: null,
      prices: { currency: 'USD' },
      country: 'US',
      posts,
      nextCursor: 'eyJ2IjoxfQ',
      counts,
    },
    shell: { path: '/c/bikes' },
  },
  filtered: {
    page: {
      name: 'category',
      category: 'bicycles',
      filters: { max: '350', radius: '50', place: 'Brooklyn, NY', sort: 'price' },
      errors: {},
      near: { city: 'Brooklyn', lat: 40.65, lon: -73.95 },
      prices: { currency: 'USD', max: 35000 },
      country: 'US',
      posts: posts.slice(0, 5),
      nextCursor: null,
      counts: { total: 5, newThisWeek: 1 },
    },
    shell: { path: '/c/bicycles' },
  },
  'category-empty': {
    page: {
      name: 'category',
      category: 'garden',
      filters: { radius: '15' },
      errors: { min: 'Write an amount such as 250.' },
      near: null,
      prices: { currency: 'USD' },
      country: 'US',
      posts: [],
      nextCursor: null,
      counts: { total: 0, newThisWeek: 0 },
    },
    shell: { path: '/c/garden' },
  },
  browse: {
    page: {
      name: 'category',
      category: null,
      filters: {},
      errors: {},
      near: null,
      prices: { currency: 'USD' },
      country: 'US',
      posts,
      nextCursor: null,
      counts,
    },
    shell: { path: '/c' },
  },
  search: { page: search, shell: { path: '/search?q=bike' } },
  'search-world': {
    page: {
      ...search,
      category: 'cars',
      filters: {
        q: 'estate',
        category: 'cars',
        area: 'world',
        currency: 'USD',
        max: '9000',
        'attr.make': 'toyota',
        'attr.year.min': '2012',
      },
      prices: { currency: 'USD', max: 900_000 },
      centre: null,
      result: {
        ...found,
        items: posts.slice(0, 3).map(post => ({ ...post, category: 'cars', attributes: { make: 'Toyota' } })),
        total: { value: 3, relation: 'eq' },
        facets: {
          category: [
            { value: 'cars', count: 3 },
            { value: 'vans-trucks', count: 1 },
          ],
          condition: [{ value: 'good', count: 3 }],
          'attr.make': [
            { value: 'toyota', count: 3 },
            { value: 'vw', count: 2 },
          ],
          'attr.fuel': [
            { value: 'petrol', count: 2 },
            { value: 'hybrid', count: 1 },
          ],
          'attr.vin': [{ value: 'wauzzz8p', count: 1 }],
        },
        nextCursor: null,
        suggestion: { q: 'estate car', total: { value: 12, relation: 'eq' } },
        degraded: true,
        missingRegions: ['ap', 'eu'],
      },
    },
    shell: { path: '/search?q=estate' },
  },
  'search-none': {
    page: {
      ...search,
      filters: {
        q: 'bycicle',
        category: 'bicycles',
        radius: '15',
        place: 'Brooklyn, NY',
        min: '1',
        condition: 'new',
        country: 'US',
      },
      lifted: { inAllCategories: 211, withoutFilters: 240 },
      prices: { currency: 'USD', min: 100 },
      result: {
        ...found,
        items: [],
        total: { value: 0, relation: 'eq' },
        facets: { category: [], condition: [] },
        nextCursor: null,
        suggestion: { q: 'bicycle', total: { value: 7, relation: 'eq' } },
        help: {
          wider: { radius: 150, total: 3 },
          without: [
            { filter: 'minPrice', total: 1 },
            { filter: 'condition', total: 12 },
          ],
          withoutAll: { total: 20 },
          categories: [{ category: 'kids-bikes', total: 4 }],
        },
      },
    },
    shell: { path: '/search?q=bycicle' },
  },
  'search-down': {
    page: { ...search, result: null, down: { elsewhere: true } },
    shell: { path: '/search?q=bike' },
  },
  'search-errors': {
    page: {
      ...search,
      filters: { q: 'bike', category: 'bicycles', radius: '15', place: 'Qwxyz', min: 'abc', 'attr.gears.min': 'many' },
      errors: {
        min: 'must be an amount in USD, such as 1250 or 12.50',
        place: 'we do not know this city: try another spelling',
        'attr.gears.min': 'must be a number',
      },
      result: null,
    },
    shell: { path: '/search?q=bike' },
  },
  post: {
    page: { name: 'post', post: detail, own: null, more: posts.slice(6, 10), usual, notice: null },
    shell: { path: '/p/x/y' },
  },
  'post-plain': {
    page: {
      name: 'post',
      post: postOf(4, { images: [] }),
      own: null,
      more: [postOf(1, { images: [] })],
      usual: null,
      notice: null,
    },
    shell: { path: '/p/x/y' },
  },
  'post-refused': {
    page: {
      name: 'post',
      post: detail,
      own: null,
      more: [],
      usual: null,
      notice: null,
      message: { values: { text: '\n Hello' }, errors: {}, problem: 'This person takes no messages from you any more' },
    },
    shell: member,
  },
  messages: {
    page: {
      name: 'messages',
      threads: [
        ...[0, 1, 2, 3].map(seed => threadOf(seed)),
        threadOf(4, { other: { id: null, name: null }, last: null, unread: 1 }),
      ],
      nextCursor: 'x',
    },
    shell: { ...member, path: '/messages' },
  },
  'messages-empty': { page: { name: 'messages', threads: [], nextCursor: null }, shell: { path: '/messages' } },
  thread: { page: { ...thread, earlier: 'x' }, shell: { ...member, path: '/messages/x' } },
  'thread-refused': {
    page: {
      ...thread,
      thread: threadOf(3, { post: { ...threadOf(3).post, state: 'sold' } }),
      form: {
        values: { text: 'Hello' },
        errors: {},
        problem: 'You have sent many messages within an hour: try again in 12 min',
      },
    },
    shell: member,
  },
  'thread-removed': {
    page: {
      ...thread,
      messages: messages.map(message => ({
        ...message,
        ...(message.number < 3 && { text: '', removed: true }),
        ...(message.number === 1 && { removalReason: 'It asks for money before anything was seen.' }),
      })),
    },
    shell: { ...member, path: '/messages/x' },
  },
  'thread-blocked': {
    page: { ...thread, thread: threadOf(1, { open: false, blocked: 'by_you' }), notice: 'blocked' },
    shell: member,
  },
  report: { page: { name: 'report', subject: 'post', id: idOf(0), next: '/p/x/y', form: emptyForm } },
  'report-errors': {
    page: {
      name: 'report',
      subject: 'message',
      id: idOf(0),
      next: '/messages',
      form: { values: { text: 'Rude' }, errors: { reason: 'must be chosen' } },
    },
  },
  moderation: {
    page: {
      name: 'moderation',
      region: 'na',
      queues,
      reports: [
        reportOf(2),
        reportOf(0, {
          subject: 'message',
          reason: 'offensive',
          text: '',
          about: { ...reportOf(0).about, name: 'Anouk', memberSince: null, home: 'eu' },
          outcomes: ['remove', 'dismiss'],
          messages: messages.map(({ id, text, mine, createdAt }) => ({
            id,
            text,
            createdAt,
            role: mine ? ('buyer' as const) : ('seller' as const),
          })),
        }),
        reportOf(1, { subject: 'account', post: null, signedIn: false, outcomes: ['suspend', 'dismiss'] }),
      ],
      nextCursor: null,
      notice: 'decided',
      refused: {
        id: idOf(602),
        form: { values: { reason: 'x' }, errors: { reason: 'must have at least 3 characters' } },
      },
    },
    shell: { ...moderator, path: '/moderation' },
  },
  'moderation-empty': {
    page: { name: 'moderation', region: 'eu', queues, reports: [], nextCursor: null, notice: null, refused: null },
    shell: moderator,
  },
  'sign-in-pending': {
    page: {
      name: 'signIn',
      form: emptyForm,
      next: '/p/x/y',
      notice: null,
      pending: { to: 'post', id: idOf(0), text: 'Hi, is the touring bike still available?' },
    },
  },
  'post-own': {
    page: {
      name: 'post',
      post: detail,
      own: ownOf(0, 'reserved', detail as never),
      more: [],
      usual,
      notice: 'published',
    },
    shell: { viewer: { displayName: 'Maria Reyes', role: 'member' }, csrf: 'c' },
  },
  'post-moderator': {
    page: {
      name: 'post',
      post: { ...detail, status: 'sold' },
      own: null,
      more: posts.slice(6, 9),
      usual: null,
      notice: null,
    },
    shell: { viewer: { displayName: 'Kim', role: 'moderator' }, csrf: 'c' },
  },
  'sell-category': { page: { ...sell, step: 'category', category: null } },
  sell: { page: { ...sell, step: 'form' } },
  'sell-errors': {
    page: {
      ...sell,
      step: 'form',
      form: wrong,
      placeOptions: [
        { city: 'Springfield', country: 'US', subdivision: 'US-IL', lat: 39.8, lon: -89.6 },
        { city: 'Springfield', country: 'US', subdivision: 'US-MA', lat: 42.1, lon: -72.6 },
      ],
    },
  },
  preview: {
    page: { name: 'preview', post: ownOf(0, 'draft', { ...detail, images: [imageOf(1), imageOf(2)] } as never) },
    shell: member,
  },
  'preview-plain': { page: { name: 'preview', post: ownOf(1, 'draft', { description: '' }) }, shell: member },
  'sell-change': { page: { ...sell, step: 'category', form: wrong } },
  edit: {
    page: {
      ...sell,
      step: 'form',
      form: wrong,
      edit: { id: idOf(0), version: 3, status: 'draft', title: 'Steel touring bike' },
    },
  },
  photos: {
    page: {
      name: 'photos',
      post: ownOf(0, 'draft'),
      images: [
        ownImageOf(1, { alt: 'The bike from the left, leaning on a wall' }),
        ownImageOf(2),
        ownImageOf(3, { state: 'processing', image: null }),
        ownImageOf(4, { state: 'failed', problem: 'unreadable', image: null }),
        ownImageOf(5, { state: 'uploading', image: null }),
      ],
      notice: 'photo-added',
      refused: null,
    },
    shell: member,
  },
  'photos-none': {
    page: { name: 'photos', post: ownOf(0, 'draft'), images: [], notice: 'draft', refused: null },
    shell: member,
  },
  'photos-full': {
    page: {
      name: 'photos',
      post: ownOf(0, 'active'),
      images: Array.from({ length: 12 }, (_, seed) => ownImageOf(seed)),
      notice: null,
      refused: {
        image: idOf(2_001),
        form: { values: { alt: 'x'.repeat(300) }, errors: { alt: 'must have at most 250 characters' } },
      },
    },
    shell: member,
  },
  'photos-refused': {
    page: {
      name: 'photos',
      post: ownOf(0, 'draft'),
      images: [ownImageOf(1)],
      notice: null,
      refused: {
        image: null,
        form: {
          values: { alt: 'Saddle' },
          errors: {},
          problem: 'This is a HEIC picture: set the camera to “most compatible”, or send a JPEG',
        },
      },
    },
    shell: member,
  },
  'my-posts': {
    page: {
      name: 'myPosts',
      status: null,
      posts: (['active', 'reserved', 'draft', 'expired', 'removed', 'sold', 'withdrawn'] as const).map((status, seed) =>
        ownOf(seed, status),
      ),
      nextCursor: 'x',
      counts: { active: 3, draft: 1, sold: 12 },
      notice: 'renewed',
    },
    shell: { path: '/me/posts', viewer: { displayName: 'Maria Reyes', role: 'member' }, csrf: 'c' },
  },
  'my-posts-empty': {
    page: { name: 'myPosts', status: null, posts: [], nextCursor: null, counts: null, notice: null },
    shell: { path: '/me/posts' },
  },
  mail: {
    page: {
      name: 'mailSettings',
      address: {
        email: 'maria@example.com',
        trouble: null,
        change: {
          email: 'm.reyes@example.org',
          confirmed: true,
          approved: false,
          expiresAt: '2026-11-23T11:00:00.000Z',
        },
      },
      wanted: { messages: true, posts: false, reports: true },
      change: emptyForm,
      notice: 'mail-saved',
    },
    shell: member,
  },
  'mail-bounced': {
    page: {
      name: 'mailSettings',
      address: { email: 'maria@example.com', trouble: 'bounced', change: null },
      wanted: { messages: true, posts: true, reports: true },
      change: {
        values: { email: 'maria@' },
        errors: { email: 'must be an e-mail address such as "maria@example.com"' },
      },
      notice: null,
    },
    shell: member,
  },
  'mail-link': {
    page: {
      name: 'mailLink',
      token: 'na_abc',
      link: {
        ...noLink,
        action: 'renew',
        title: 'Steel touring bike, 56 cm',
        postId: 'na_1',
      },
      mine: null,
      form: emptyForm,
    },
  },
  'mail-link-done': {
    page: {
      name: 'mailLink',
      token: 'na_abc',
      link: { ...noLink, action: 'unsubscribe', state: 'done', topic: 'posts' },
      mine: null,
      form: emptyForm,
    },
  },
  'mail-link-over': { page: { name: 'mailLink', token: 'na_abc', link: null, mine: null, form: emptyForm } },
  'mail-link-data': {
    page: { name: 'mailLink', token: 'na_abc', link: dataLink, mine: true, form: emptyForm },
    shell: member,
  },
  'mail-link-data-signed-out': {
    page: { name: 'mailLink', token: 'na_abc', link: dataLink, mine: null, form: emptyForm },
  },
  'mail-link-data-of-another': {
    page: { name: 'mailLink', token: 'na_abc', link: dataLink, mine: false, form: emptyForm },
    shell: member,
  },
  'mail-link-data-over': {
    page: {
      name: 'mailLink',
      token: 'na_abc',
      link: { ...noLink, action: 'download', state: 'over' },
      mine: null,
      form: emptyForm,
    },
  },
  account: {
    page: {
      name: 'account',
      account,
      sessions,
      exports: {
        items: [
          { id: 'na_2', state: 'making', requestedAt: '2026-11-20T09:00:00.000Z', expiresAt: null, bytes: null },
          {
            id: 'na_1',
            state: 'ready',
            requestedAt: '2026-11-18T09:00:00.000Z',
            expiresAt: '2026-11-25T09:00:00.000Z',
            bytes: 48_210,
          },
        ],
        nextFrom: '2026-11-21T09:00:00.000Z',
      },
      profile: emptyForm,
      password: { values: {}, errors: { password: 'must have at least 12 characters' } },
      deletion: emptyForm,
      copies: emptyForm,
      notice: 'profile',
    },
    shell: { path: '/me', viewer: { displayName: 'Maria Reyes', role: 'member' } },
  },
  register: { page: { name: 'register', form: emptyForm } },
  'register-errors': {
    page: {
      name: 'register',
      form: {
        values: { displayName: 'Maria', email: 'maria@' },
        errors: {
          email: 'must be an e-mail address such as "maria@example.com"',
          password: 'must have at least 12 characters',
        },
      },
    },
  },
  'sign-in': {
    page: {
      name: 'signIn',
      form: { values: { email: 'maria@example.com' }, errors: {}, problem: 'The address or the password is wrong' },
      next: '/sell',
      notice: null,
    },
  },
  forgot: { page: { name: 'forgot', form: emptyForm, sent: false } },
  'forgot-sent': { page: { name: 'forgot', form: emptyForm, sent: true } },
  reset: { page: { name: 'reset', token: 't', form: emptyForm } },
  verify: { page: { name: 'verify', state: 'button', token: 't', form: emptyForm } },
  'verify-sent': { page: { name: 'verify', state: 'sent', email: 'maria@example.com' } },
  resend: { page: { name: 'verify', state: 'resend', form: emptyForm } },
  'not-found': { page: { name: 'notFound' } },
  gone: { page: { name: 'gone', category: 'bicycles' } },
  error: {
    page: {
      name: 'error',
      status: 503,
      code: 'region_unavailable',
      title: 'The region does not answer',
      kept: { action: '/sell', values: { title: 'Steel touring bike', description: 'One scratch.' } },
    },
  },
  message: {
    page: {
      name: 'message',
      title: 'Your account is deleted',
      text: 'Your posts are hidden. Come back whenever you like.',
      links: [{ href: '/', label: 'Go home' }],
    },
  },
}
