import { type RawBuilder, sql } from 'kysely'
import type { Image } from '../../shared/media.ts'

/**
 * The photos of a post that can be shown, in order, as one JSON column: for a query in which `posts` has the post. It costs
 * one look into the index a row, so it belongs where rows are few, a page of a list at most.
 */
export function shownImages(): RawBuilder<Image[]> {
  return sql`(
    SELECT coalesce(json_agg(json_build_object(
      'id', images.id, 'width', images.width, 'height', images.height, 'variants', images.variants, 'color', images.color,
      'thumbhash', encode(images.thumbhash, 'base64'), 'alt', images.alt) ORDER BY images.position, images.id), '[]')
    FROM images WHERE images.post_id = posts.id AND images.state = 'ready')`
}
