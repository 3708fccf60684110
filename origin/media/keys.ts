import type { VariantFormat, VariantStep } from '../../shared/media.ts'

/** Where the file that a seller sent lies until its variants are made. */
export function originalKey(imageId: string): string {
  return `uploads/${imageId}`
}

/** The folder of a photo's own variants; demo photos have one in common elsewhere. */
export function folderOf(imageId: string): string {
  return `media/${imageId}`
}

/** Where one variant lies. */
export function variantKey(folder: string, step: VariantStep, format: VariantFormat): string {
  return `${folder}/${step}.${format}`
}
