/** Where the file that a seller sent lies until its variants are made. */
export function originalKey(imageId: string): string {
  return `uploads/${imageId}`
}

/** The folder of a photo's own variants; demo photos have one in common elsewhere. */
export function folderOf(imageId: string): string {
  return `media/${imageId}`
}
