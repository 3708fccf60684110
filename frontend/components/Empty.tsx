import type { ComponentChildren } from 'preact'
import { Icon } from './Icon.tsx'

/** A place where there is nothing, and what to do next. */
export function Empty({ icon, title, children }: { icon: string; title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="sign">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  )
}
