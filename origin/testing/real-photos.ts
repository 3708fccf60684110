import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../../shared/data/photos/', import.meta.url))

/** Whether `../shared/data/photos` is there; what needs it is skipped where it is not, and says so. */
export const hasRealPhotos = existsSync(folder)

/** Real photos, camera files that tell too much, and files that have crashed decoders; none where they are absent. */
export function realPhotos(kind: 'items' | 'camera' | 'broken'): { name: string; bytes: Buffer }[] {
  if (!hasRealPhotos) return []
  const names = readdirSync(folder + kind).sort()
  return names.map(name => ({ name, bytes: readFileSync(`${folder}${kind}/${name}`) }))
}
