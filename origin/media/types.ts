import { AppError } from '../../shared/errors.ts'
import { isPhotoType, type PhotoType } from './sniffing.ts'

/** What some programs call a type that has another name. */
const aliases: Record<string, string> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/apng': 'image/png',
}

const taken = 'Send it as JPEG, PNG, WebP, AVIF or GIF.'
const hints: [RegExp, string][] = [
  [
    /hei[cf]/,
    `This is a HEIC photo, which browsers cannot show. ${taken} On an iPhone: Settings, Camera, Formats, Most Compatible.`,
  ],
  [/svg/, `This is a drawing (SVG), not a photo. ${taken}`],
  [/tif/, `This is a TIFF picture, which browsers cannot show. ${taken}`],
  [/raw|dng|cr[23]|nef|arw/, `This is a raw photo, which browsers cannot show. ${taken}`],
  [/video|mp4|mov|quicktime/, `This is a video. ${taken}`],
  [/pdf/, `This is a PDF document, not a photo. ${taken}`],
]

/**
 * Gives the type of a file that is announced, in its usual name.
 * @throws unsupported_image with a hint, by the type or, where it says nothing, by the ending of the name
 */
export function requirePhotoType(contentType: string | undefined, fileName: string): PhotoType {
  const given = contentType?.toLowerCase().trim() ?? ''
  const type = aliases[given] ?? given
  if (isPhotoType(type)) return type
  const ending = /\.(\w{1,5})$/.exec(fileName)?.[1]?.toLowerCase() ?? ''
  throw new AppError('unsupported_image', { detail: hintFor(`${type} ${ending}`) })
}

function hintFor(words: string): string {
  return hints.find(([pattern]) => pattern.test(words))?.[1] ?? `This is no photo that browsers can show. ${taken}`
}
