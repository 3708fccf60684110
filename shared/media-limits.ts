/* Apart from media.ts, for the browser: what makes schemas weighs more than an island. */

/** How each variant is encoded, by the ending of its URL; the modern one first. */
export const variantFormats = ['webp', 'jpg'] as const
export type VariantFormat = (typeof variantFormats)[number]

/** What a seller may send. What a file really is, its bytes decide. */
export const uploadTypes = ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'] as const

export const maxUploadBytes = 15_000_000
export const maxImagesPerPost = 12
