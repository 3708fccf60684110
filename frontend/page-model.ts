import type { Account, AddressState, Locale, Session } from '../shared/account.ts'
import type { DataExportList } from '../shared/data-export.ts'
import type { FieldError } from '../shared/errors.ts'
import type { MailLink, MailPreferences } from '../shared/mail.ts'
import type { OwnImage } from '../shared/media.ts'
import type { Message, Thread } from '../shared/message.ts'
import type { Place } from '../shared/place.ts'
import type { OwnPost, OwnStatus, Post } from '../shared/post.ts'
import type { Region } from '../shared/regions.ts'
import type { Report, ReportSubject } from '../shared/report.ts'
import type { SearchResult, UsualPrice } from '../shared/search.ts'

/*
 * What the edge hands to a page, and the names that come back.
 *
 * Forms are POSTed as application/x-www-form-urlencoded with flat names. Each form holds a hidden `csrf` when
 * `shell.csrf` is given. Where two buttons can end a form, `intent` tells which one did.
 *
 * register   email, password, displayName, country
 * sign-in    email, password, next
 * sign-out   (nothing)
 * verify     token                             resend   email
 * forgot     email                             reset    token, password
 * me         intent=profile: displayName, locale, timeZone, currency
 *            intent=password: currentPassword, password
 *            intent=end-session: session · intent=end-sessions: (nothing)
 *            intent=delete: password · intent=export: (nothing)
 * me/mail    intent=address: email, password · intent=wanted: messages, posts, reports ("yes" each)
 * mail       token (of a link in a mail)
 * post state POST postAction(id, action): next (the path to come back to)
 * moderation POST moderationPath(id, 'remove'): reason, next · 'restore': next
 * message    POST writeTo(post): text; chip (a line to begin with: the page comes back with it in the box)
 *            POST thread(id): text, formKey · threadAction(id, action): (nothing)
 * report     POST report(subject, id): reason, text, next
 * decision   POST decision(report): outcome, reason
 *
 * from       GET standAt(): from (a country code), next
 *
 * sell       POST /sell, edit: POST /posts/:id/edit
 *            category, title, description, condition, priceKind, priceAmount (as typed, major units), currency,
 *            attr.<key> (booleans: "yes" | "no", several choices are several fields),
 *            placeQuery (the city as typed), and what the suggestion knows: city, country, subdivision, lat, lon,
 *            valid only while placeLabel equals placeQuery; placeChoice (one of `placeOptions`, as
 *            "country|subdivision|city|lat|lon", for as long as that holds), formKey (idempotency key), version (edit)
 *            intent=pick (a category was chosen: show the form, keep what was typed), form (back to it),
 *            category (choose another), draft, photos (store it and go on), publish · edit: save, photos, publish
 *
 * photos     GET photos(post), and POST to the same address, told apart by the content type.
 *            multipart/form-data, a photo of up to 15 MB that goes on as a stream: alt, then file
 *            urlencoded: image (its id) and intent=alt: alt · intent=up | down | cover | delete: (nothing)
 *            Done: 303 to photos(post) with ?done=photo-added | photo-saved | photo-moved | photo-deleted.
 *            Refused: the page again (`PhotosPage.refused`, image null for the form that sends a file).
 *
 * category   GET /c/:slug (or browsePath: every category; its ?category=slug redirects to /c/slug)
 *            min, max (major units as typed), currency, sort, radius (km; "" is the whole country, "any" the region),
 *            place (a city as typed), near ("lat,lon", valid only while nearOf equals place), country, subdivision, cursor
 *
 * search     GET search(): q, and of the above category, min, max, currency, sort (relevance too, and distance with a radius),
 *            radius ("" without), place, near, nearOf, country, cursor; besides
 *            area (without a radius: "" the country, a subdivision, "region", "world"), condition (several),
 *            attr.<key> (several) and, for numbers, attr.<key>.min and attr.<key>.max.
 *            A place that differs from nearOf is near to be, within 50 km if no radius is said; an empty one beside a nearOf
 *            lifts the radius. The addresses that pages make carry the country always, and the currency where it matters.
 */

/** Where the visitor stands: the nearest city we know and its blurred point. */
export type ShellPlace = { city: string; country: string; subdivision: string | null; lat: number; lon: number }

/** `unread` counts messages; undefined when nobody could tell in time. */
export type Viewer = { displayName: string; role: 'member' | 'moderator' | 'operator'; unread?: number }

/** What every page is wrapped in. All of it but `viewer`, `csrf` and `requestId` is on decision 7's closed list. */
export type Shell = {
  locale: Locale
  region: Region
  place: ShellPlace
  currency: string
  /** Path and query of this page. */
  path: string
  /** Scheme and host of the site, for canonical URLs. */
  origin: string
  viewer: Viewer | null
  /** On the local stack only: the countries that one can stand in, and the one chosen. */
  localGeo: { options: readonly string[]; current: string | null } | null
  requestId: string
  csrf?: string
}

/** What was typed, what is wrong with it by field, and what is wrong with all of it. */
export type Form = {
  values: Readonly<Record<string, string>>
  errors: Readonly<Record<string, string>>
  problem?: string
}

export const emptyForm: Form = { values: {}, errors: {} }

/** What has just happened, said once at the top of the next page; it travels as `?done=`. */
export const notices = [
  'published',
  'draft',
  'saved',
  'withdrawn',
  'reserved',
  'unreserved',
  'sold',
  'renewed',
  'deleted',
  'removed',
  'restored',
  'verified',
  'profile',
  'password',
  'session-ended',
  'sessions-ended',
  'password-reset',
  'signed-out',
  'account-deleted',
  'account-restored',
  'export-asked',
  'address-asked',
  'mail-saved',
  'photo-added',
  'photo-saved',
  'photo-moved',
  'photo-deleted',
  'blocked',
  'unblocked',
  'reported',
  'decided',
] as const
export type Notice = (typeof notices)[number]

export function isNotice(value: unknown): value is Notice {
  return notices.includes(value as Notice)
}

export type Counts = { total: number; newThisWeek: number }

export type HomePage = {
  name: 'home'
  /** The newest near the visitor; null when the region does not answer. */
  posts: readonly Post[] | null
  /** Whether posts and counts are about the visitor's surroundings, or, where little is near, the country. */
  scope: 'near' | 'country'
  counts: Counts | null
  notice: Notice | null
}

export type CategoryPage = {
  name: 'category'
  /** Slug of a top category or a leaf; null for everything. */
  category: string | null
  /** The query as it came, by the names above. */
  filters: Readonly<Record<string, string>>
  errors: Readonly<Record<string, string>>
  /** The one currency that prices are compared in, and the bounds that apply, in its minor units. */
  prices: { currency: string; min?: number | undefined; max?: number | undefined }
  /** The place that the list is about, when it is not the visitor's. */
  near: { city: string; lat: number; lon: number } | null
  /** The country that the list is about, or whose city it surrounds. */
  country: string
  posts: readonly Post[]
  /** Where nothing is within the radius: the newest of the country. */
  elsewhere?: readonly Post[]
  nextCursor: string | null
  counts: Counts | null
}

export type SearchPage = {
  name: 'search'
  /** Slug of a top category or a leaf; null for all. */
  category: string | null
  /** The form by its names, without what is empty; several values of one have commas between. */
  filters: Readonly<Record<string, string>>
  errors: Readonly<Record<string, string>>
  prices: CategoryPage['prices']
  near: CategoryPage['near']
  country: string
  /** Where distances are measured from; null where nobody asked for any. */
  centre: { lat: number; lon: number } | null
  /** Whether this is another page than the first. */
  cursor: boolean
  /** Null where the form has errors, or nobody answered. */
  result: SearchResult | null
  /** Where nothing was found: how many posts there are without the category, and without any filter; null: not counted in time. */
  lifted?: { inAllCategories?: number | null; withoutFilters?: number | null }
  /** The region does not answer; whether there are others to be asked. */
  down?: { elsewhere: boolean }
}

export type PostPage = {
  name: 'post'
  post: Post
  /** The same post as its seller sees it, when the viewer is the seller. */
  own: OwnPost | null
  /** Others like it; may be empty. */
  more: readonly Post[]
  /** What such things usually cost; null where too few are alike. */
  usual: UsualPrice['price']
  notice: Notice | null
  /** The message box as it was sent, when that was refused. */
  message?: Form
}

export type SellPage = {
  name: 'sell'
  step: 'category' | 'form'
  /** Leaf slug; null while it is being chosen. */
  category: string | null
  form: Form
  /** Sent back as `formKey`, so that a form sent twice makes one post. */
  formKey: string
  /** Cities that `placeQuery` may mean, when it was not clear. */
  placeOptions: readonly Place[]
  /** When a post is edited: its id, version and state. */
  edit: { id: string; version: number; status: OwnStatus; title: string } | null
}

/** Where a seller adds, orders and describes a post's photos. */
export type PhotosPage = {
  name: 'photos'
  post: OwnPost
  /** In every state, in order. */
  images: readonly OwnImage[]
  notice: Notice | null
  /** The form that was refused: of one photo, or with `image` null the one that sends a file. */
  refused: { image: string | null; form: Form } | null
}

/** A draft as others will see it. */
export type PreviewPage = { name: 'preview'; post: OwnPost }

export type MyPostsPage = {
  name: 'myPosts'
  status: OwnStatus | null
  posts: readonly OwnPost[]
  nextCursor: string | null
  counts: Partial<Record<OwnStatus, number>> | null
  notice: Notice | null
  /** What went wrong with the action that led here. */
  problem?: string
}

export type AccountPage = {
  name: 'account'
  account: Account
  sessions: readonly Session[]
  exports: DataExportList
  profile: Form
  password: Form
  deletion: Form
  /** The button that asks for a copy of one's data. */
  copies: Form
  notice: Notice | null
}

export type MailSettingsPage = {
  name: 'mailSettings'
  address: AddressState
  wanted: MailPreferences
  /** The form that asks for another address. */
  change: Form
  notice: Notice | null
}
/**
 * Where a link of a mail leads; `link` is null for one that is no good. `mine` is for a copy of somebody's data: whether it
 * is the viewer's, null for whoever is not signed in.
 */
export type MailLinkPage = {
  name: 'mailLink'
  token: string
  link: MailLink | null
  mine: boolean | null
  form: Form
}

export type RegisterPage = { name: 'register'; form: Form }
export type SignInPage = {
  name: 'signIn'
  form: Form
  next: string | null
  notice: Notice | null
  /** A message that was written before signing in, and goes out after it. */
  pending?: PendingMessage
}
export type PendingMessage = { to: 'post' | 'thread'; id: string; text: string }

export type MessagesPage = {
  name: 'messages'
  threads: readonly Thread[]
  nextCursor: string | null
}

export type ThreadPage = {
  name: 'thread'
  thread: Thread
  /** The oldest first. */
  messages: readonly Message[]
  /** Where the earlier ones begin; null when there are none. */
  earlier: string | null
  /** Whether these are the newest. */
  newest: boolean
  form: Form
  formKey: string
  /** In which days and hours are told (IANA). */
  timeZone: string
  notice: Notice | null
}

export type ReportPage = { name: 'report'; subject: ReportSubject; id: string; next: string; form: Form }

export type ModerationPage = {
  name: 'moderation'
  /** Whose reports they are. */
  region: Region
  /** How many things wait in each region that runs; null when it did not say in time. */
  queues: readonly { region: Region; waiting: number | null }[]
  reports: readonly Report[]
  nextCursor: string | null
  notice: Notice | null
  /** The form that was refused. */
  refused: { id: string; form: Form } | null
}
export type ForgotPage = { name: 'forgot'; form: Form; sent: boolean }
export type ResetPage = { name: 'reset'; token: string; form: Form }
/** `button`: the link of the mail was followed. `sent`: a mail is on its way. `resend`: ask for another one. */
export type VerifyPage =
  | { name: 'verify'; state: 'button'; token: string; form: Form }
  | { name: 'verify'; state: 'sent'; email: string | null }
  | { name: 'verify'; state: 'resend'; form: Form }

export type NotFoundPage = { name: 'notFound' }
/** A post that was here; what is still known of it. */
export type GonePage = { name: 'gone'; category: string | null }
export type ErrorPage = {
  name: 'error'
  status: number
  code: string
  title: string
  detail?: string
  /** What had been typed, to be sent again as it was; never a password. */
  kept?: { action: string; values: Readonly<Record<string, string>> }
}
export type MessagePage = {
  name: 'message'
  title: string
  text: string
  links: readonly { href: string; label: string }[]
}

export type Page =
  | HomePage
  | CategoryPage
  | SearchPage
  | PostPage
  | SellPage
  | PhotosPage
  | PreviewPage
  | MyPostsPage
  | AccountPage
  | MailSettingsPage
  | MailLinkPage
  | MessagesPage
  | ThreadPage
  | ReportPage
  | ModerationPage
  | RegisterPage
  | SignInPage
  | ForgotPage
  | ResetPage
  | VerifyPage
  | NotFoundPage
  | GonePage
  | ErrorPage
  | MessagePage

/** `dist/client-manifest.json`: public URLs of the built files. */
export type Assets = {
  css: string
  /** For the home page. */
  homeCss?: string
  /** For the search page. */
  searchCss?: string
  /** For every page but home and lists that have something to show. */
  pageCss?: string
  js: string
  font: string
  icons: string
}

export const browsePath = '/c'

/** Where a moderator's forms go. */
export function moderationPath(id: string, action: 'remove' | 'restore'): string {
  return `/posts/${id}/${action}`
}

/** Turns a problem's `errors` (contract paths such as `price.amount`) into errors by the form's field names. */
export function formErrors(errors: readonly FieldError[]): Record<string, string> {
  const byField: Record<string, string> = {}
  for (const { field, message } of errors) byField[fieldName(field)] ??= message
  return byField
}

function fieldName(path: string): string {
  if (path === 'price' || path.startsWith('price.amount')) return 'priceAmount'
  if (path === 'price.currency') return 'currency'
  if (path.startsWith('attributes.')) return `attr.${path.split('.')[1]}`
  if (path === 'location' || path.startsWith('location.')) return 'placeQuery'
  return path
}
