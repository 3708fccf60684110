import type { IslandName, IslandProps } from './island-props.ts'
import { mount as ages } from './islands/ages.ts'
import { mount as city } from './islands/city.ts'
import { mount as filters } from './islands/filters.ts'
import { mount as suggest } from './islands/suggest.ts'

/** An island's file exports `mount`, which brings the server's HTML inside `element` to life. */
export type Mount<N extends IslandName> = (element: HTMLElement, props: IslandProps[N]) => void

/** Those that lists need come with the first file: a request of their own would cost more than they do. */
export const islands: { [N in IslandName]: () => Mount<N> | Promise<Mount<N>> } = {
  ages: () => ages,
  filters: () => filters,
  city: () => city,
  suggest: () => suggest,
  counter: () => import('./islands/counter.ts').then(module => module.mount),
  draft: () => import('./islands/draft.ts').then(module => module.mount),
  'draft-link': () => import('./islands/draft.ts').then(module => module.mountLink),
  conversation: () => import('./islands/conversation.ts').then(module => module.mount),
  gallery: () => import('./islands/gallery/gallery.ts').then(module => module.mount),
  photos: () => import('./islands/photos/photos.tsx').then(module => module.mount),
  chips: () => import('./islands/chips.ts').then(module => module.mount),
  'forget-draft': () => import('./islands/draft.ts').then(module => module.forget),
}
