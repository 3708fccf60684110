import type { ComponentChildren } from 'preact'
import { Icon } from './Icon.tsx'

type Props = { icon: string; title: string; page?: boolean; children: ComponentChildren }

/** A place where there is nothing, and what to do next; `page` when that is all there is to the page. */
export function Empty({ icon, title, page = false, children }: Props) {
  return (
    <div class="empty">
      <span class="sign">
        <Icon name={icon} />
      </span>
      {page ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  )
}
