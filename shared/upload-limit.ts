import { AppError } from './errors.ts'
import { maxUploadBytes } from './media.ts'

/** The largest form that brings a photo, in bytes: the photo, and what is around it. */
export const maxFormBytes = maxUploadBytes + 16_384

/** What to say of a photo that is too large, whenever and wherever that turns out. */
export function tooLarge(): AppError {
  return new AppError('body_too_large', {
    detail: `A photo may have ${Math.floor(maxUploadBytes / 1_000_000)} MB at most.`,
  })
}
