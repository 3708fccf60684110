import { findCategory } from '../shared/category.ts'
import { paths } from '../shared/paths.ts'
import { useSite } from './context.ts'
import { countryText, placeText, priceText } from './format.ts'
import { browsePath, type Page, type Shell } from './page-model.ts'
import { searchTitle } from './search-links.ts'
import { Sharing } from './sharing.tsx'

/** Title, canonical address and what the page loads; scripts and styles are files, never inline. */
export function Head({ page }: { page: Page }) {
  const { shell, assets } = useSite()
  const { title, description, canonical } = about(page, shell)
  const isPublic = page.name === 'home' || page.name === 'category' || page.name === 'post' || isBareSearch(page, shell)
  const indexed = isPublic && !(page.name === 'post' && page.post.status === 'sold')
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <title>{title}</title>
      <link rel="preload" href={assets.font} as="font" type="font/woff2" crossorigin="anonymous" />
      <link rel="stylesheet" href={assets.css} />
      {page.name === 'home' && assets.homeCss && <link rel="stylesheet" href={assets.homeCss} />}
      {page.name === 'search' && assets.searchCss && <link rel="stylesheet" href={assets.searchCss} />}
      {!isLight(page) && assets.pageCss && <link rel="stylesheet" href={assets.pageCss} />}
      <script type="module" src={assets.js} />
      <meta name="color-scheme" content="light dark" />
      <meta name="theme-color" content="#fbfaf7" media="(prefers-color-scheme:light)" />
      <meta name="theme-color" content="#14161b" media="(prefers-color-scheme:dark)" />
      {description && <meta name="description" content={description} />}
      {indexed && canonical ? (
        <link rel="canonical" href={shell.origin + canonical} />
      ) : (
        <meta name="robots" content="noindex" />
      )}
      {indexed && page.name === 'post' && (
        <Sharing post={page.post} origin={shell.origin} title={title} description={description ?? ''} />
      )}
      <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
      <link rel="manifest" href="/site.webmanifest" />
    </head>
  )
}

/** Tells whether a page makes do with the first stylesheet: posts as cards, and nothing to explain. */
function isLight(page: Page): boolean {
  if (page.name === 'home') return !!page.posts?.length && !page.notice
  if (page.name === 'search') return !!page.result?.items.length
  return (
    page.name === 'category' && (page.posts.length > 0 || !!page.elsewhere?.length) && !Object.keys(page.errors).length
  )
}

/** A search for something has as many addresses as there are words: none of them is for an index of the web. */
function isBareSearch(page: Page, { path }: Shell): boolean {
  return page.name === 'search' && path === paths.search()
}

type About = { title: string; description?: string; canonical?: string }

function about(page: Page, { locale, place }: Shell): About {
  switch (page.name) {
    case 'home':
      return {
        title: 'ClassifyHub: good things, a short walk away',
        description: 'Buy and sell near you. Your address stays hidden.',
        canonical: paths.home(),
      }
    case 'category': {
      const name = page.category ? (findCategory(page.category)?.name ?? 'Posts') : 'Everything'
      const first = !page.filters.cursor
      return {
        title: `${name}${first ? '' : ', more'} · ClassifyHub`,
        canonical: page.category ? paths.category(page.category) : browsePath,
      }
    }
    case 'search':
      return { title: `${searchTitle(page, place, locale)} · ClassifyHub`, canonical: paths.search() }
    case 'post': {
      const { post } = page
      return {
        title: `${post.title} · ${priceText(post, locale)} · ClassifyHub`,
        description: `${placeText(post.location)}, ${countryText(post.location.country)}. ${post.description.replace(/\s+/g, ' ').slice(0, 150)}`,
        canonical: paths.post(post.id, post.title),
      }
    }
    default:
      return { title: `${titleOf(page)} · ClassifyHub` }
  }
}

function titleOf(page: Exclude<Page, { name: 'home' | 'category' | 'search' | 'post' }>): string {
  const wrong = 'form' in page && (page.form.problem || Object.keys(page.form.errors).length > 0)
  const titles = {
    sell: page.name === 'sell' && page.edit ? 'Edit your post' : 'Sell something',
    photos: 'Photos',
    preview: 'Preview',
    myPosts: 'My posts',
    messages: 'Messages',
    thread: page.name === 'thread' ? page.thread.post.title : '',
    report: 'Report',
    moderation: 'Reports',
    account: 'Settings',
    mailSettings: 'Address and mail',
    mailLink: 'A link from our mail',
    register: 'Make an account',
    signIn: 'Sign in',
    forgot: 'Forgot your password?',
    reset: 'Set a new password',
    verify: 'Confirm your address',
    notFound: 'Not found',
    gone: 'No longer here',
    error: page.name === 'error' ? page.title : '',
    message: page.name === 'message' ? page.title : '',
  }
  return `${wrong ? 'Please check: ' : ''}${titles[page.name]}`
}
