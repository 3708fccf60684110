import { paths } from '../../shared/paths.ts'
import type { MailLinkPage } from '../page-model.ts'
import { Day } from './Day.tsx'
import { Empty } from './Empty.tsx'
import { PostForm } from './Form.tsx'

/**
 * Where the mail about a copy of one's data leads: one button that downloads, for whoever is signed in as its account. All
 * others learn no more than that there is one, which the mail says too.
 */
export function DataLink({ token, link, mine }: Pick<MailLinkPage, 'token' | 'link' | 'mine'>) {
  if (!link?.exportId || !link.until) {
    return (
      <Empty page icon="mail" title="This link does not work any more">
        <p>A copy of your data is kept for 7 days and then erased. You can ask for another.</p>
        <a class="btn" href={`${paths.account()}#data`}>
          My data
        </a>
      </Empty>
    )
  }
  if (mine === false) {
    return (
      <Empty page icon="mail" title="This is the data of another account">
        <p>You are signed in as somebody else. Sign out, then open the link in the mail again.</p>
        <PostForm action={paths.signOut()}>
          <button type="submit" class="btn">
            Sign out
          </button>
        </PostForm>
      </Empty>
    )
  }
  const here = `${paths.mailLink()}?${new URLSearchParams({ token })}`
  return (
    <Empty page icon="mail" title="Your data is ready">
      <p>
        {mine ? 'One archive with all that we know of you.' : 'It is for you alone, so please sign in first.'} It is
        kept until <Day at={link.until} year relative={false} />, then it is erased.
      </p>
      {mine ? (
        <a class="btn sea" href={paths.exportArchive(link.exportId)} download>
          Download
        </a>
      ) : (
        <a class="btn sea" href={paths.signIn(here)}>
          Sign in to download
        </a>
      )}
    </Empty>
  )
}
