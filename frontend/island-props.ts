import type { DeskProps } from './components/PhotoDesk.tsx'
import type { ConversationProps } from './islands/conversation.ts'

/** What each island takes, as JSON. */
export type IslandProps = {
  city: undefined
  suggest: undefined
  filters: undefined
  ages: undefined
  counter: { max: number }
  draft: { key: string; fresh: boolean }
  'draft-link': undefined
  'forget-draft': undefined
  conversation: ConversationProps
  chips: undefined
  gallery: { hashes: string[] }
  photos: DeskProps & { postId: string }
}
export type IslandName = keyof IslandProps
