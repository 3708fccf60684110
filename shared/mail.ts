import * as z from 'zod'

/** What an account may choose not to be told by mail. Mail about its safety and its standing always comes. */
export const mailTopics = ['messages', 'posts', 'reports'] as const
export type MailTopic = (typeof mailTopics)[number]

/** Whether mail of each topic is wanted. */
export const MailPreferences = z
  .strictObject({ messages: z.boolean(), posts: z.boolean(), reports: z.boolean() })
  .meta({ id: 'MailPreferences' })
export type MailPreferences = z.infer<typeof MailPreferences>

/** What is not named stays as it is. */
export const MailPreferencesPatch = MailPreferences.partial().meta({ id: 'MailPreferencesPatch' })

/** What a signed link of a mail does once its button is pressed; `download` is for whoever is signed in as its account. */
const mailLinkActions = ['renew', 'sell', 'confirm-address', 'approve-address', 'unsubscribe', 'download'] as const

/** What a link of a mail would do, and whether that can be done still. Reading it changes nothing. */
export const MailLink = z
  .object({
    action: z.enum(mailLinkActions),
    /** `open`: the button works; `done`: it is so already; `over`: it is too late. */
    state: z.enum(['open', 'done', 'over']),
    /** The title of the post that it is about. */
    title: z.string().nullable(),
    /** The path of that post, or null. */
    postId: z.string().nullable(),
    /** The topic that it ends; null for all of them. */
    topic: z.enum(mailTopics).nullable(),
    /** The copy of an account's data that it leads to, and when both end. */
    exportId: z.string().nullable(),
    until: z.iso.datetime().nullable(),
  })
  .meta({ id: 'MailLink' })
export type MailLink = z.infer<typeof MailLink>
