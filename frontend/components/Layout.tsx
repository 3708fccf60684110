import type { ComponentChildren } from 'preact'
import { paths } from '../../shared/paths.ts'
import { useSite } from '../context.ts'
import { countryText } from '../format.ts'
import { browsePath } from '../page-model.ts'
import { Icon } from './Icon.tsx'
import { SearchPill, type Sought } from './SearchPill.tsx'

export type Frame = {
  sought?: Sought
  viewer: string
  unread: string
  children: ComponentChildren
  width?: 'narrow' | 'middle' | undefined
}

/** What surrounds every page: skip link, header, footer and, on phones, the bar at the bottom. */
export function Layout({ sought, viewer, unread, children, width }: Frame) {
  return (
    <body>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top">
        <a class="mark" href={paths.home()}>
          <Icon name="tag" />
          classifyhub
        </a>
        <SearchPill {...(sought ? { sought } : {})} />
        <div class="acts">
          <nav aria-label="You" dangerouslySetInnerHTML={{ __html: `<!--viewer-->${viewer}<!--/viewer-->` }} />
          <a class="btn sun" href={paths.sell()}>
            <Icon name="plus" />
            Sell
          </a>
        </div>
      </header>
      <main id="main" class={width} tabIndex={-1}>
        {children}
      </main>
      <Footer />
      <Bar unread={unread} />
    </body>
  )
}

function Footer() {
  const { shell } = useSite()
  return (
    <footer>
      <p>
        ClassifyHub. Your address stays hidden; posts show a place of about 1 km. City names by{' '}
        <a href="https://www.geonames.org/" rel="noopener">
          GeoNames
        </a>
        , CC BY.
      </p>
      {shell.localGeo && (
        <form action={paths.standAt()} class="from">
          <input type="hidden" name="next" value={shell.path} />
          <label for="from">Stand in</label>
          <select id="from" name="from">
            {shell.localGeo.options.map(code => (
              <option key={code} value={code} selected={code === (shell.localGeo?.current ?? shell.place.country)}>
                {countryText(code)}
              </option>
            ))}
          </select>
          <button type="submit" class="btn">
            Go
          </button>
        </form>
      )}
    </footer>
  )
}

const targets = [
  { href: paths.home(), icon: 'house', label: 'Home' },
  { href: browsePath, icon: 'layout-grid', label: 'Browse' },
  { href: paths.sell(), icon: 'plus', label: 'Sell' },
  { href: paths.messages(), icon: 'message-circle', label: 'Messages' },
  { href: paths.account(), icon: 'user', label: 'You' },
]

function Bar({ unread }: Pick<Frame, 'unread'>) {
  const path = useSite().shell.path.split('?')[0] ?? '/'
  const branches: readonly string[] = [browsePath, paths.messages()]
  const current = (href: string) => path === href || (branches.includes(href) && path.startsWith(`${href}/`))
  return (
    <nav class="bar" aria-label="Main">
      {targets.map(({ href, icon, label }) => (
        <a key={href} href={href} aria-current={current(href) ? 'page' : undefined}>
          <Icon name={icon} />
          {label}
          {href === paths.messages() && (
            <b dangerouslySetInnerHTML={{ __html: `<!--unread-->${unread}<!--/unread-->` }} />
          )}
        </a>
      ))}
    </nav>
  )
}
