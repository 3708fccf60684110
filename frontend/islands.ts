import { mount as ages } from './islands/ages.ts'
import { type CitySuggestProps, mount as city } from './islands/CitySuggest.tsx'
import type { ConversationProps } from './islands/conversation.ts'
import { mount as filters } from './islands/filters.ts'

/** What each island takes, as JSON. */
export type IslandProps = {
  'city-suggest': CitySuggestProps
  filters: { currency: string; digits: number; country: string; category: string | null }
  ages: undefined
  counter: { max: number }
  draft: { key: string; fresh: boolean }
  'draft-link': undefined
  'forget-draft': undefined
  conversation: ConversationProps
  chips: undefined
  gallery: { hashes: string[] }
}
export type IslandName = keyof IslandProps

/** An island's file exports `mount`, which brings the server's HTML inside `element` to life. */
export type Mount<N extends IslandName> = (element: HTMLElement, props: IslandProps[N]) => void

/** Those that lists need come with the first file: a request of their own would cost more than they do. */
export const islands: { [N in IslandName]: () => Mount<N> | Promise<Mount<N>> } = {
  ages: () => ages,
  filters: () => filters,
  'city-suggest': () => city,
  counter: () => import('./islands/counter.ts').then(module => module.mount),
  draft: () => import('./islands/draft.ts').then(module => module.mount),
  'draft-link': () => import('./islands/draft.ts').then(module => module.mountLink),
  conversation: () => import('./islands/conversation.ts').then(module => module.mount),
  gallery: () => import('./islands/gallery/gallery.ts').then(module => module.mount),
  chips: () => import('./islands/chips.ts').then(module => module.mount),
  'forget-draft': () => import('./islands/draft.ts').then(module => module.forget),
}
