import type { CitySuggestProps } from './islands/CitySuggest.tsx'
import type { ConversationProps } from './islands/conversation.ts'

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
}
export type IslandName = keyof IslandProps

/** An island's file exports `mount`, which brings the server's HTML inside `element` to life. */
export type Mount<N extends IslandName> = (element: HTMLElement, props: IslandProps[N]) => void

export const islands: { [N in IslandName]: () => Promise<Mount<N>> } = {
  'city-suggest': () => import('./islands/CitySuggest.tsx').then(module => module.mount),
  filters: () => import('./islands/filters.ts').then(module => module.mount),
  ages: () => import('./islands/ages.ts').then(module => module.mount),
  counter: () => import('./islands/counter.ts').then(module => module.mount),
  draft: () => import('./islands/draft.ts').then(module => module.mount),
  'draft-link': () => import('./islands/draft.ts').then(module => module.mountLink),
  conversation: () => import('./islands/conversation.ts').then(module => module.mount),
  chips: () => import('./islands/chips.ts').then(module => module.mount),
  'forget-draft': () => import('./islands/draft.ts').then(module => module.forget),
}
