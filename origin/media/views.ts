import type { Image, OwnImage, OwnImageList } from '../../shared/media.ts'
import type { ImageRow } from './images.ts'

/** Shows a photo to its seller, in whatever state. */
export function viewOwnImage(row: ImageRow): OwnImage {
  return {
    id: row.id,
    state: row.state,
    problem: row.problem,
    fileName: row.file_name,
    alt: row.alt,
    createdAt: row.created_at.toISOString(),
    image: row.state === 'ready' ? viewImage(row) : null,
  }
}

/** Shows a post's photos to its seller. */
export function viewOwnImages(rows: readonly ImageRow[]): OwnImageList {
  return { items: rows.map(viewOwnImage) }
}

/** What everybody sees of a photo that is ready; `shownImages` is the same in SQL. */
function viewImage(row: ImageRow): Image {
  return {
    id: row.id,
    width: row.width ?? 0,
    height: row.height ?? 0,
    variants: row.variants ?? [],
    color: row.color ?? '',
    thumbhash: row.thumbhash?.toString('base64') ?? '',
    alt: row.alt,
  }
}
