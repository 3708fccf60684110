import { paths } from '../../../shared/paths.ts'
import { dayText, type Letter, type PostFacts, press, type Reader, say, show } from './letter.ts'

export function publishedLetter({ greeting, siteUrl, ...reader }: Reader, post: PostFacts, until: Date): Letter {
  return {
    subject: `Your post is public: ${post.title}`,
    preview: `Everybody can see it until ${dayText(until, reader)}.`,
    greeting,
    blocks: [
      say('Your post is public.'),
      show(post),
      say(`It stays up until ${dayText(until, reader)}. We write to you before that, and when a buyer does.`),
      press(
        { label: 'See my post', url: post.url },
        { label: 'All my posts', url: siteUrl + paths.myPosts(), quiet: true },
      ),
    ],
    reason: 'You get this mail because you have published a post.',
  }
}

export function expiresSoonLetter(
  { greeting, siteUrl, ...reader }: Reader,
  post: PostFacts,
  { until, renewUrl }: { until: Date; renewUrl: string },
): Letter {
  return {
    subject: `Ends soon: ${post.title}`,
    preview: `It is public until ${dayText(until, reader)}. Renew it with one press.`,
    greeting,
    blocks: [
      say(`Your post is public until ${dayText(until, reader)}. Is it still to be had?`),
      show(post),
      press(
        { label: 'Renew it', url: renewUrl },
        { label: 'All my posts', url: siteUrl + paths.myPosts(), quiet: true },
      ),
      say('If it is gone, you need not do anything.'),
    ],
    reason: 'You get this mail because one of your posts is about to end.',
  }
}

export function expiredLetter(
  { greeting }: Reader,
  post: PostFacts,
  { renewUrl, sellUrl }: { renewUrl: string; sellUrl: string },
): Letter {
  return {
    subject: `Ended: ${post.title}`,
    preview: 'Nobody sees it any more. Sold? Or shall it go up again?',
    greeting,
    blocks: [
      say('The time of your post has run out, so nobody sees it any more. How did it go?'),
      show(post),
      press({ label: 'Put it up again', url: renewUrl }, { label: 'It is sold', url: sellUrl, quiet: true }),
      say('You can put it up again for 90 days. After that it is deleted.'),
    ],
    reason: 'You get this mail because one of your posts has ended.',
  }
}

export function removedLetter({ greeting, siteUrl }: Reader, post: PostFacts, reason: string): Letter {
  return {
    subject: `Removed: ${post.title}`,
    preview: 'A moderator has removed your post. The reason is inside.',
    greeting,
    blocks: [
      say('A moderator has removed one of your posts. Nobody but you sees it any more.'),
      show({ ...post, url: siteUrl + paths.myPosts() }),
      say('The reason:'),
      { is: 'quote', text: reason, from: null },
      say(
        'If you think that this is a mistake, answer this mail and say why: a person reads it, and can put the post back.',
      ),
      press({ label: 'All my posts', url: siteUrl + paths.myPosts(), quiet: true }),
    ],
    reason: 'You get this mail because it concerns one of your posts. It comes whatever your settings say.',
  }
}

export type RemovedMessage = {
  title: string
  /** Null when it is kept in another region. */
  reason: string | null
  threadUrl: string
}

export function removedMessageLetter({ greeting }: Reader, { title, reason, threadUrl }: RemovedMessage): Letter {
  return {
    subject: `Removed: your message about ${title}`,
    preview: reason
      ? 'A moderator has removed your message. The reason is inside.'
      : 'A moderator has removed your message. The conversation says why.',
    greeting,
    blocks: [
      say(`A moderator has removed one of your messages about “${title}”. Neither of you sees its words any more.`),
      ...(reason
        ? [say('The reason:'), { is: 'quote', text: reason, from: null } as const]
        : [say('The reason stands in the conversation, where only you see it.')]),
      say('If you think that this is a mistake, answer this mail and say why: a person reads it.'),
      press({ label: 'Open the conversation', url: threadUrl }),
    ],
    reason: 'You get this mail because it concerns a message of yours. It comes whatever your settings say.',
  }
}

export type Decision = { subject: 'post' | 'message' | 'account'; acted: boolean }

const things = { post: 'a post', message: 'a message', account: 'an account' } as const

export function reportDecidedLetter({ greeting }: Reader, { subject, acted }: Decision): Letter {
  return {
    subject: acted ? 'We acted on your report' : 'We looked at your report',
    preview: acted ? 'What you reported was against the rules.' : 'What you reported is within the rules.',
    greeting,
    blocks: [
      say(`You reported ${things[subject]}. A moderator has looked at it.`),
      say(
        acted
          ? 'It was against the rules, and we have acted on it. Thank you for telling us.'
          : 'It is within the rules, so it stays. Thank you for telling us all the same.',
      ),
      say('If you see it otherwise, answer this mail and say why: a person reads it.'),
    ],
    reason: 'You get this mail because you sent us a report. Whom you reported does not learn your name.',
  }
}

export type MessageFacts = {
  from: string | null
  /** What was written; null when it is kept in another region. */
  text: string | null
  title: string
  threadUrl: string
}

export function newMessageLetter({ greeting }: Reader, { from, text, title, threadUrl }: MessageFacts): Letter {
  return {
    subject: from ? `${from} wrote about: ${title}` : `New message about: ${title}`,
    preview: text ?? 'Open the conversation to read it.',
    greeting,
    blocks: [
      say(
        text
          ? `You have a new message about “${title}”.`
          : `You have a new message about “${title}”. Open it to read it.`,
      ),
      ...(text ? [{ is: 'quote', text, from } as const] : []),
      press({ label: 'Read and answer', url: threadUrl }),
      say(
        'Answer on the site, not by mail: neither of you sees the other’s address. Never pay before you have seen it.',
      ),
    ],
    reason: 'You get this mail because somebody wrote to you on ClassifyHub.',
  }
}
