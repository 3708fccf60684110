import type { ComponentChild } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { Layout } from './components/Layout.tsx'
import { PostTools } from './components/PostTools.tsx'
import type { Sought } from './components/SearchPill.tsx'
import { Unread, Viewer } from './components/Viewer.tsx'
import { SiteContext } from './context.ts'
import { placeText } from './format.ts'
import { Head } from './head.tsx'
import type { Assets, Page, PostPage, Shell } from './page-model.ts'
import { Account } from './pages/Account.tsx'
import { Category } from './pages/Category.tsx'
import { Forgot } from './pages/Forgot.tsx'
import { Home } from './pages/Home.tsx'
import { MailLink } from './pages/MailLink.tsx'
import { MailSettings } from './pages/MailSettings.tsx'
import { Messages } from './pages/Messages.tsx'
import { Moderation } from './pages/Moderation.tsx'
import { MyPosts } from './pages/MyPosts.tsx'
import { Photos } from './pages/Photos.tsx'
import { Post } from './pages/Post.tsx'
import { Preview } from './pages/Preview.tsx'
import { Register } from './pages/Register.tsx'
import { Report } from './pages/Report.tsx'
import { Reset } from './pages/Reset.tsx'
import { Search } from './pages/Search.tsx'
import { Sell } from './pages/Sell.tsx'
import { SignIn } from './pages/SignIn.tsx'
import { Thread } from './pages/Thread.tsx'
import { Gone, Message, NotFound, Trouble } from './pages/Trouble.tsx'
import { Verify } from './pages/Verify.tsx'
import { areaText, capital } from './search-links.ts'

/** Renders a whole HTML document. Pure: the same arguments give the same text. */
export function renderDocument(shell: Shell, page: Page, assets: Assets): string {
  const sought = soughtOn(page, shell)
  const html = renderIn(
    shell,
    assets,
    <html lang={shell.locale.startsWith('en') ? shell.locale : 'en'}>
      <Head page={page} />
      <Layout
        viewer={renderViewer(shell, assets)}
        unread={renderUnread(shell, assets)}
        width={wide.has(page.name) ? undefined : middle.has(page.name) ? 'middle' : 'narrow'}
        {...(sought ? { sought } : {})}
      >
        {bodyOf(shell, page, assets)}
      </Layout>
    </html>,
  )
  return `<!doctype html>${html}`
}

/** Renders what stands between `<!--viewer-->` and `<!--/viewer-->`, for pages that are shared by everybody. */
export function renderViewer(shell: Shell, assets: Assets): string {
  return renderIn(shell, assets, <Viewer />)
}

/** Renders what stands between `<!--unread-->` and `<!--/unread-->`, in the bar of phones; as the viewer's part. */
export function renderUnread(shell: Shell, assets: Assets): string {
  return renderIn(shell, assets, <Unread />)
}

/** Renders what stands between `<!--tools-->` and `<!--/tools-->` on a post's page: its seller's and a moderator's forms. */
export function renderPostTools(shell: Shell, page: PostPage, assets: Assets): string {
  return renderIn(shell, assets, <PostTools page={page} />)
}

const wide = new Set<Page['name']>(['home', 'category', 'search', 'post'])
const middle = new Set<Page['name']>(['myPosts', 'moderation', 'photos', 'preview'])

function renderIn(shell: Shell, assets: Assets, child: ComponentChild): string {
  return renderToString(<SiteContext.Provider value={{ shell, assets }}>{child}</SiteContext.Provider>)
}

function bodyOf(shell: Shell, page: Page, assets: Assets) {
  switch (page.name) {
    case 'home':
      return <Home {...page} />
    case 'category':
      return <Category {...page} />
    case 'search':
      return <Search {...page} />
    case 'post':
      return <Post page={page} tools={renderPostTools(shell, page, assets)} />
    case 'sell':
      return <Sell {...page} />
    case 'photos':
      return <Photos {...page} />
    case 'preview':
      return <Preview {...page} />
    case 'myPosts':
      return <MyPosts {...page} />
    case 'messages':
      return <Messages {...page} />
    case 'thread':
      return <Thread {...page} />
    case 'report':
      return <Report {...page} />
    case 'moderation':
      return <Moderation {...page} />
    case 'account':
      return <Account {...page} />
    case 'mailSettings':
      return <MailSettings {...page} />
    case 'mailLink':
      return <MailLink {...page} />
    case 'register':
      return <Register {...page} />
    case 'signIn':
      return <SignIn {...page} />
    case 'forgot':
      return <Forgot {...page} />
    case 'reset':
      return <Reset {...page} />
    case 'verify':
      return <Verify {...page} />
    case 'notFound':
      return <NotFound />
    case 'gone':
      return <Gone {...page} />
    case 'error':
      return <Trouble {...page} />
    case 'message':
      return <Message {...page} />
  }
}

/** A search begins with what the list on its page is about; without a list, with the visitor's whole country. */
function soughtOn(page: Page, { place: here }: Shell): Sought | undefined {
  if (page.name !== 'category' && page.name !== 'search') return undefined
  const { category, near, filters, country, errors } = page
  const { q, radius = '' } = filters
  const area = filters.area ?? filters.subdivision ?? (radius === 'any' ? 'region' : undefined)
  const around = /^\d/.test(radius)
  const point = near ?? (errors.place ? undefined : here)
  return {
    q,
    category,
    place: around
      ? { text: filters.place ?? placeText(here), near: point && `${point.lat},${point.lon}`, bad: !!errors.place }
      : undefined,
    radius: around ? radius : '',
    country,
    area: area && !around ? { value: area, label: capital(areaText(area, page)) } : undefined,
  }
}
