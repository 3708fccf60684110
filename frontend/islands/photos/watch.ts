import { read } from '../../../shared/api-client.ts'
import type { OwnImage } from '../../../shared/media.ts'

const soonest = 1_000
const latest = 15_000

/**
 * Looks how the photos of a post stand for as long as `wanted` says, ever more seldom; not behind the reader's back.
 * @returns a function that begins it, or hurries it
 */
export function createWatch(
  postId: string,
  wanted: () => boolean,
  seen: (items: readonly OwnImage[]) => void,
): () => void {
  let timer = 0
  let pause = soonest

  function plan(): void {
    clearTimeout(timer)
    if (wanted() && !document.hidden) timer = setTimeout(look, pause) as unknown as number
  }
  async function look(): Promise<void> {
    pause = Math.min(latest, pause * 1.4)
    try {
      const { items } = await read('/posts/:id/images', {}, AbortSignal.timeout(10_000), postId)
      seen(items)
    } catch {
      // Next time, then.
    }
    plan()
  }
  const begin = () => {
    pause = soonest
    plan()
  }
  document.addEventListener('visibilitychange', begin)
  return begin
}
