import type { MailLink as Link, MailTopic } from '../../shared/mail.ts'
import { paths } from '../../shared/paths.ts'
import { DataLink } from '../components/DataLink.tsx'
import { Empty } from '../components/Empty.tsx'
import { Hidden, PostForm } from '../components/Form.tsx'
import type { MailLinkPage } from '../page-model.ts'

type Way = { href: string; label: string }
type Words = { title: string; text: string; button?: string; way?: Way }

const myPosts: Way = { href: paths.myPosts(), label: 'My posts' }
const mailSettings: Way = { href: paths.mailSettings(), label: 'What we write to you about' }

/** What a link of a mail would do, said before its one button is pressed; nothing happens by opening it. */
export function MailLink({ token, link, mine, form }: MailLinkPage) {
  if (link?.action === 'download') return <DataLink token={token} link={link} mine={mine} />
  const { title, text, button, way } = link ? wordsFor({ ...link, action: link.action }) : outOfDate
  return (
    <Empty page icon={link?.state === 'done' ? 'circle-check' : 'mail'} title={title}>
      <p dir="auto">{text}</p>
      {button && (
        <PostForm action={paths.mailLink()} form={form}>
          <Hidden values={{ token }} />
          <button type="submit" class="btn sea">
            {button}
          </button>
        </PostForm>
      )}
      {way && (
        <a class="btn" href={way.href}>
          {way.label}
        </a>
      )}
    </Empty>
  )
}

const outOfDate: Words = {
  title: 'This link does not work any more',
  text: 'It has expired, was used already, or did not arrive whole. Have a look at your settings.',
  way: { href: paths.account(), label: 'My settings' },
}

/** Copies of data have a page of their own. */
type Acting = Link & { action: Exclude<Link['action'], 'download'> }

function wordsFor(link: Acting): Words {
  const { action, state, title, postId } = link
  const name = `“${title ?? 'Your post'}”`
  const post = postId ? { href: paths.post(postId, title ?? ''), label: 'See it' } : myPosts
  if (state === 'over') {
    return action === 'renew' || action === 'sell'
      ? { ...outOfDate, text: `${name} has changed since that mail. Have a look at your posts.`, way: myPosts }
      : outOfDate
  }
  switch (action) {
    case 'renew':
      return state === 'done'
        ? { title: 'It is up', text: `${name} is public, and its time has started again.`, way: post }
        : {
            title: 'Put it up again?',
            text: `${name} goes to the top of the lists and starts its time again.`,
            button: 'Renew it',
          }
    case 'sell':
      return state === 'done'
        ? { title: 'Marked as sold', text: `${name} is in no list any more. Well done.`, way: myPosts }
        : { title: 'Is it sold?', text: `${name} leaves the lists and gets a badge.`, button: 'Yes, it is sold' }
    case 'confirm-address':
      return state === 'done'
        ? { title: 'This address is confirmed', text: whenBoth, way: { href: paths.signIn(), label: 'Sign in' } }
        : {
            title: 'Is this your address?',
            text: 'Confirm it, and an account at ClassifyHub moves to it once its old address has agreed too.',
            button: 'Confirm this address',
          }
    case 'approve-address':
      return state === 'done'
        ? { title: 'You have agreed', text: whenBoth, way: { href: paths.mailSettings(), label: 'Address and mail' } }
        : {
            title: 'Change your address?',
            text: 'Your account moves to the address that the mail names, once that one has agreed too.',
            button: 'Yes, change it',
          }
    case 'unsubscribe':
      return state === 'done'
        ? { title: 'You get no more of these', text: 'You can have them back whenever you like.', way: mailSettings }
        : { title: 'No more of these?', text: ends(link.topic), button: 'No more of these' }
  }
}

const whenBoth = 'The change is made as soon as both addresses have agreed; a mail to each says so.'

function ends(topic: MailTopic | null): string {
  const about = { messages: 'new messages', posts: 'your posts and their ends', reports: 'your reports' }
  return `We write to you no more about ${topic ? about[topic] : 'messages, posts and reports'}. Mail about your account’s safety still comes.`
}
