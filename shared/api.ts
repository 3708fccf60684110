import * as z from 'zod'
import * as account from './account.ts'
import { CategoryList } from './category.ts'
import { DataExport, DataExportList } from './data-export.ts'
import { MailLink, MailPreferences, MailPreferencesPatch } from './mail.ts'
import * as media from './media.ts'
import * as message from './message.ts'
import { Place, PlaceList, PlaceQuery } from './place.ts'
import * as post from './post.ts'
import { decimalNumber } from './query.ts'
import * as report from './report.ts'
import * as search from './search.ts'

/** Who may call: anybody, anybody (but the answer may differ with a token), an account, a moderator. */
export type Auth = 'none' | 'optional' | 'account' | 'moderator'

/**
 * Where the edge sends a request (architecture, decision 1): to the region in the path's id, the caller's home region,
 * the region that a list asks for, the one that a query names or else the caller's home region, the region that the
 * directory names for an address, the one in a token of ours (its first two letters), or the visitor's. By `scope` it goes
 * as a list does, or with `scope=world` to all regions, whose answers the edge merges.
 */
export type Routing = 'id' | 'home' | 'list' | 'scope' | 'region' | 'address' | 'token' | 'visitor'

export type ApiRoute = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Hono syntax, below `/api/v1`. */
  path: string
  summary: string
  tag: 'posts' | 'images' | 'accounts' | 'sessions' | 'messages' | 'search' | 'places' | 'moderation'
  auth: Auth
  routing: Routing
  body?: z.ZodType
  /**
   * The fields of a form (multipart/form-data) that takes the place of the body. It passes edge and origin as it comes: no
   * digest, no `maxBodyBytes`, and `idleLimit` instead of a deadline.
   */
  form?: z.ZodType
  query?: z.ZodType
  /** Status of success and the schema of its body; null when there is none. */
  success: { status: 200 | 201 | 202 | 204; body: z.ZodType | null }
  /** The media type of what is sent on success, where that is a file and no JSON. */
  file?: string
  /** Honours `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
  idempotent?: true
  /** Needs `If-Match` (RFC 9110 §13.1.1). */
  conditional?: true
  /** Serves accounts of every home region. */
  crossRegion?: true
}

const own = { status: 200, body: post.OwnPost } as const
const none = { status: 204, body: null } as const
const accepted = { status: 202, body: z.object({}) } as const
const postState = { tag: 'posts', auth: 'account', routing: 'id', success: own } as const
const image = { tag: 'images', auth: 'account', routing: 'id' } as const
const moderation = { tag: 'moderation', auth: 'moderator', routing: 'id', crossRegion: true } as const
const thread = { tag: 'messages', auth: 'account', routing: 'id', crossRegion: true } as const
const reporting = {
  tag: 'moderation',
  routing: 'id',
  crossRegion: true,
  body: report.ReportInput,
  success: accepted,
} as const
const session = { tag: 'sessions', auth: 'account', routing: 'home' } as const
const me = { tag: 'accounts', auth: 'account', routing: 'home' } as const

export const Counts = z.object({ total: z.number().int(), newThisWeek: z.number().int() }).meta({ id: 'Counts' })
export const NearestQuery = z.object({
  lat: decimalNumber(-90, 90),
  lon: decimalNumber(-180, 180),
})

/** The whole public API, one row a route: the edge routes by it, origins validate by it, OpenAPI is printed from it. */
// biome-ignore format: a table reads best as a table
export const api = {
  createPost: {
    method: 'POST', path: '/posts', summary: 'Make a draft', tag: 'posts', auth: 'account', routing: 'home',
    body: post.PostInput, success: { status: 201, body: post.OwnPost }, idempotent: true,
  },
  listPosts: {
    method: 'GET', path: '/posts', summary: 'List public posts', tag: 'posts', auth: 'none', routing: 'list',
    query: post.PostQuery, success: { status: 200, body: post.PostList },
  },
  countPosts: {
    method: 'GET', path: '/post-counts', summary: 'Count public posts, up to 10,000', tag: 'posts', auth: 'none',
    routing: 'list', query: post.PostQuery, success: { status: 200, body: Counts },
  },
  readPost: {
    method: 'GET', path: '/posts/:id', summary: 'Read a post; its seller sees all of it', tag: 'posts',
    auth: 'optional', routing: 'id', success: { status: 200, body: z.union([post.OwnPost, post.Post]) }, crossRegion: true,
  },
  editPost: {
    ...postState, method: 'PATCH', path: '/posts/:id', summary: 'Change a post', body: post.PostPatch, conditional: true,
  },
  deletePost: { ...postState, method: 'DELETE', path: '/posts/:id', summary: 'Delete a post', success: none },
  publishPost: { ...postState, method: 'PUT', path: '/posts/:id/publication', summary: 'Publish a draft or withdrawn post' },
  withdrawPost: { ...postState, method: 'DELETE', path: '/posts/:id/publication', summary: 'Withdraw a post' },
  reservePost: { ...postState, method: 'PUT', path: '/posts/:id/reservation', summary: 'Mark a post reserved' },
  unreservePost: { ...postState, method: 'DELETE', path: '/posts/:id/reservation', summary: 'Make a reserved post available' },
  sellPost: { ...postState, method: 'PUT', path: '/posts/:id/sale', summary: 'Mark a post sold' },
  renewPost: {
    ...postState, method: 'POST', path: '/posts/:id/renewals', summary: 'Renew a post: bump it and start its time again',
  },
  removePost: {
    ...moderation, method: 'PUT', path: '/posts/:id/removal', summary: 'Remove a post, with a reason', body: post.Reason,
    success: { status: 200, body: post.Post },
  },
  restorePost: {
    ...moderation, method: 'DELETE', path: '/posts/:id/removal', summary: 'Put a removed post back',
    success: { status: 200, body: post.Post },
  },
  listOwnPosts: {
    method: 'GET', path: '/me/posts', summary: 'List your own posts in every state', tag: 'posts', auth: 'account',
    routing: 'home', query: post.OwnPostQuery, success: { status: 200, body: post.OwnPostList },
  },
  createImage: {
    ...image, method: 'POST', path: '/posts/:id/images', summary: 'Announce a photo, and be told where to send it',
    body: media.ImageInput, success: { status: 201, body: media.ImageUpload },
  },
  uploadImage: {
    ...image, method: 'POST', path: '/posts/:id/images/file', summary: 'Send a photo as a form, for lack of a script',
    form: media.ImageForm, success: { status: 201, body: media.OwnImage },
  },
  listImages: {
    ...image, method: 'GET', path: '/posts/:id/images', summary: 'List the photos of your post in every state',
    success: { status: 200, body: media.OwnImageList },
  },
  orderImages: {
    ...image, method: 'PUT', path: '/posts/:id/images/order', summary: 'Order the photos of your post; the first is the cover',
    body: media.ImageOrder, success: { status: 200, body: media.OwnImageList },
  },
  completeImage: {
    ...image, method: 'PUT', path: '/images/:id/completion', summary: 'Say that the file was sent; variants follow',
    success: { status: 200, body: media.OwnImage },
  },
  editImage: {
    ...image, method: 'PATCH', path: '/images/:id', summary: 'Say what a photo shows', body: media.ImagePatch,
    success: { status: 200, body: media.OwnImage },
  },
  deleteImage: { ...image, method: 'DELETE', path: '/images/:id', summary: 'Delete a photo', success: none },
  readImage: {
    ...image, method: 'GET', path: '/images/:id', summary: 'Ask whether you may see a photo, and where it lies',
    auth: 'optional', success: { status: 200, body: media.ImageAccess },
  },
  register: {
    method: 'POST', path: '/accounts', summary: 'Register; a mail follows whatever the address', tag: 'accounts',
    auth: 'none', routing: 'address', body: account.Registration,
    success: { status: 202, body: account.VerificationNext },
  },
  verifyAccount: {
    method: 'POST', path: '/accounts/verification', summary: 'Verify an address and sign in', tag: 'accounts',
    auth: 'none', routing: 'token', body: account.TokenInput, success: { status: 201, body: account.SessionGrant },
  },
  resendVerification: {
    method: 'POST', path: '/accounts/verification-mails', summary: 'Send the verification mail again', tag: 'accounts',
    auth: 'none', routing: 'address', body: account.EmailInput, success: accepted,
  },
  requestPasswordReset: {
    method: 'POST', path: '/password-resets', summary: 'Ask for a mail to set a new password', tag: 'accounts',
    auth: 'none', routing: 'address', body: account.EmailInput, success: accepted,
  },
  completePasswordReset: {
    method: 'POST', path: '/password-resets/completion', summary: 'Set a new password with the token of the mail',
    tag: 'accounts', auth: 'none', routing: 'token', body: account.PasswordReset, success: none,
  },
  signIn: {
    method: 'POST', path: '/sessions', summary: 'Sign in', tag: 'sessions', auth: 'none', routing: 'address',
    body: account.Credentials, success: { status: 201, body: account.SessionGrant },
  },
  refreshSession: {
    method: 'POST', path: '/sessions/refresh', summary: 'Trade a refresh token for its successor', tag: 'sessions',
    auth: 'none', routing: 'token', body: account.RefreshInput, success: { status: 200, body: account.SessionGrant },
  },
  listSessions: {
    ...session, method: 'GET', path: '/sessions', summary: 'List your sessions',
    success: { status: 200, body: account.SessionList },
  },
  endCurrentSession: { ...session, method: 'DELETE', path: '/sessions/current', summary: 'Sign out', success: none },
  endSession: { ...session, method: 'DELETE', path: '/sessions/:id', summary: 'End one of your sessions', success: none },
  endAllSessions: { ...session, method: 'DELETE', path: '/sessions', summary: 'Sign out everywhere', success: none },
  readMe: { ...me, method: 'GET', path: '/accounts/me', summary: 'Read your account', success: { status: 200, body: account.Account } },
  editMe: {
    ...me, method: 'PATCH', path: '/accounts/me', summary: 'Change your account', body: account.AccountPatch,
    success: { status: 200, body: account.Account },
  },
  changePassword: {
    ...me, method: 'PUT', path: '/accounts/me/password', summary: 'Change your password; other sessions end',
    body: account.PasswordChange, success: none,
  },
  deleteMe: {
    ...me, method: 'DELETE', path: '/accounts/me', summary: 'Delete your account', body: account.AccountDeletion,
    success: accepted,
  },
  readAddress: {
    ...me, method: 'GET', path: '/accounts/me/email', summary: 'Read your address, and the change that is under way',
    success: { status: 200, body: account.AddressState },
  },
  changeAddress: {
    ...me, method: 'PUT', path: '/accounts/me/email', summary: 'Ask for another address; both are asked by mail',
    body: account.AddressChange, success: accepted,
  },
  readMailPreferences: {
    ...me, method: 'GET', path: '/accounts/me/mail-preferences', summary: 'Read what we write to you about',
    success: { status: 200, body: MailPreferences },
  },
  editMailPreferences: {
    ...me, method: 'PATCH', path: '/accounts/me/mail-preferences', summary: 'Change what we write to you about',
    body: MailPreferencesPatch, success: { status: 200, body: MailPreferences },
  },
  previewMailLink: {
    method: 'POST', path: '/mail-links/preview', summary: 'Read what a link of a mail would do; changes nothing',
    tag: 'accounts', auth: 'none', routing: 'token', body: account.TokenInput, success: { status: 200, body: MailLink },
  },
  useMailLink: {
    method: 'POST', path: '/mail-links/use', summary: 'Do what a link of a mail entitles to', tag: 'accounts',
    auth: 'none', routing: 'token', body: account.TokenInput, success: { status: 200, body: MailLink },
  },
  requestExport: {
    ...me, method: 'POST', path: '/accounts/me/exports', summary: 'Ask for a copy of your data, once a day; a mail follows',
    success: { status: 202, body: DataExport },
  },
  listExports: {
    ...me, method: 'GET', path: '/accounts/me/exports', summary: 'List the copies of your data',
    success: { status: 200, body: DataExportList },
  },
  downloadExport: {
    ...me, method: 'GET', path: '/accounts/me/exports/:id/archive', summary: 'Download a copy of your data',
    file: 'application/zip', success: { status: 200, body: null },
  },
  suspendAccount: {
    ...moderation, method: 'PUT', path: '/accounts/:id/suspension', summary: 'Suspend an account, with a reason',
    body: post.Reason, success: none,
  },
  reinstateAccount: {
    ...moderation, method: 'DELETE', path: '/accounts/:id/suspension', summary: 'Lift a suspension', success: none,
  },
  openThread: {
    method: 'POST', path: '/posts/:id/messages', summary: 'Write to the seller of a post', tag: 'messages', auth: 'account',
    routing: 'id', body: message.MessageInput, success: { status: 201, body: message.Thread }, idempotent: true,
    crossRegion: true,
  },
  listThreads: {
    method: 'GET', path: '/threads', summary: 'List your threads, the last active first', tag: 'messages', auth: 'account',
    routing: 'home', query: message.ThreadQuery, success: { status: 200, body: message.ThreadList },
  },
  readThread: { ...thread, method: 'GET', path: '/threads/:id', summary: 'Read a thread', success: { status: 200, body: message.Thread } },
  listMessages: {
    ...thread, method: 'GET', path: '/threads/:id/messages', summary: 'List the messages of a thread, the newest first',
    query: message.MessageQuery, success: { status: 200, body: message.MessageList },
  },
  sendMessage: {
    ...thread, method: 'POST', path: '/threads/:id/messages', summary: 'Answer in a thread', body: message.MessageInput,
    success: { status: 201, body: message.Message }, idempotent: true,
  },
  markThreadRead: {
    ...thread, method: 'PUT', path: '/threads/:id/read', summary: 'Mark a thread read up to a message', body: message.ReadMark,
    success: none,
  },
  blockOther: { ...thread, method: 'PUT', path: '/threads/:id/block', summary: 'Take no more messages from the other side', success: none },
  unblockOther: { ...thread, method: 'DELETE', path: '/threads/:id/block', summary: 'Take messages from the other side again', success: none },
  countUnread: {
    method: 'GET', path: '/me/unread', summary: 'Count the messages that you have not read', tag: 'messages',
    auth: 'account', routing: 'home', success: { status: 200, body: message.Unread },
  },
  reportPost: { ...reporting, method: 'POST', path: '/posts/:id/reports', summary: 'Report a post', auth: 'optional' },
  reportMessage: {
    ...reporting, method: 'POST', path: '/messages/:id/reports', summary: 'Report a message that was written to you',
    auth: 'account',
  },
  reportAccount: { ...reporting, method: 'POST', path: '/accounts/:id/reports', summary: 'Report an account', auth: 'optional' },
  listReports: {
    ...moderation, method: 'GET', path: '/reports',
    summary: 'List what was reported in a region, your own where none is named, and is not decided, the oldest first',
    routing: 'region', query: report.ReportQuery, success: { status: 200, body: report.ReportList },
  },
  decideReport: {
    ...moderation, method: 'PUT', path: '/reports/:id/decision', summary: 'Decide a report, with a reason', body: report.Decision,
    success: none,
  },
  searchPosts: {
    method: 'GET', path: '/search', summary: 'Search public posts by words and filters', tag: 'search', auth: 'none',
    routing: 'scope', query: search.SearchQuery, success: { status: 200, body: search.SearchResult },
  },
  suggestSearch: {
    method: 'GET', path: '/search/suggest', summary: 'Suggest words, categories and cities as somebody types',
    tag: 'search', auth: 'none', routing: 'list', query: search.SuggestQuery,
    success: { status: 200, body: search.SuggestionList },
  },
  relatedPosts: {
    method: 'GET', path: '/posts/:id/related', summary: 'List public posts like this one', tag: 'search', auth: 'none',
    routing: 'id', success: { status: 200, body: search.RelatedPosts },
  },
  usualPrice: {
    method: 'GET', path: '/posts/:id/usual-price', summary: 'Read what such things usually cost around there',
    tag: 'search', auth: 'none', routing: 'id', success: { status: 200, body: search.UsualPrice },
  },
  listCategories: {
    method: 'GET', path: '/categories', summary: 'The tree of categories with their attributes', tag: 'places',
    auth: 'none', routing: 'visitor', success: { status: 200, body: CategoryList },
  },
  suggestPlaces: {
    method: 'GET', path: '/places', summary: 'Suggest cities by the beginning of their name', tag: 'places', auth: 'none',
    routing: 'visitor', query: PlaceQuery, success: { status: 200, body: PlaceList },
  },
  nearestPlace: {
    method: 'GET', path: '/places/nearest', summary: 'The city nearest a point', tag: 'places', auth: 'none',
    routing: 'visitor', query: NearestQuery, success: { status: 200, body: Place },
  },
} as const satisfies Record<string, ApiRoute>

export type ApiName = keyof typeof api
export const apiPrefix = '/api/v1'
