import type { ComponentChildren } from 'preact'
import type { IslandName, IslandProps } from './island-props.ts'

type Props<N extends IslandName> = {
  name: N
  props?: IslandProps[N]
  children: ComponentChildren
  class?: string | undefined
}

/**
 * A part of the page that comes alive when it is seen. Its server HTML works as it is; its props follow as JSON in a
 * `<script type="application/json">`, which no browser runs.
 */
export function Island<N extends IslandName>({ name, props, children, class: className }: Props<N>) {
  return (
    <>
      <div data-island={name} class={className}>
        {children}
      </div>
      {props && <script type="application/json" dangerouslySetInnerHTML={{ __html: jsonForScript(props) }} />}
    </>
  )
}

/** JSON in which no text can end the script element or open a comment in it (HTML §4.12.1.3). */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
