import sharp, { type Sharp } from 'sharp'
import { createId } from '../../shared/ids.ts'
import type { Context } from '../context.ts'
import { folderOf, originalKey } from '../media/keys.ts'
import type { TestAccount } from './factories.ts'

/** A picture with large forms and fine grain, another one for each seed; encode it as you like. */
export function somePicture(width = 800, height = 600, seed = 1): Sharp {
  const tone = (n: number) => `hsl(${(seed * 83 + n * 47) % 360} 60% ${30 + ((seed * 7 + n * 13) % 45)}%)`
  const forms = Array.from({ length: 9 }, (_, n) => {
    const [x, y] = [(seed * 37 + n * 61) % 100, (seed * 53 + n * 29) % 100]
    return `<ellipse cx="${x}%" cy="${y}%" rx="${8 + ((seed + n * 5) % 22)}%" ry="${6 + ((seed * 3 + n) % 18)}%" fill="${tone(n + 1)}"/>`
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="${tone(0)}"/>${forms.join('')}</svg>`
  return sharp(Buffer.from(svg)).removeAlpha()
}

/** What a telephone writes into a photo: where, when, with what and by whom. */
export const tellingExif = {
  IFD0: {
    Make: 'Spyphone',
    Model: 'Spyphone 9',
    Artist: 'Maria Example',
    Copyright: 'Maria Example',
    Software: 'Cam 1',
  },
  IFD2: { DateTimeOriginal: '2026:05:01 10:11:12', BodySerialNumber: 'SN-0123456789' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '13/1 24/1 0/1' },
} as const

/** A photo whose file is there and waits for its variants; or with other bytes, or (`null`) none. @returns its id */
export async function createTestPhoto(
  { db, now, region, objects }: Context,
  { id: accountId }: Pick<TestAccount, 'id'>,
  postId: string,
  file: Uint8Array | null,
): Promise<string> {
  const at = now()
  const id = createId(region, at.getTime())
  await db
    .insertInto('images')
    .values({
      id,
      post_id: postId,
      account_id: accountId,
      position: 1,
      state: 'processing',
      problem: null,
      file_name: 'photo.jpg',
      content_type: 'image/jpeg',
      bytes: file?.length ?? 1,
      folder: folderOf(id),
      variants: null,
      width: null,
      height: null,
      color: null,
      thumbhash: null,
      created_at: at,
      completed_at: at,
      asked_at: at,
    })
    .execute()
  if (file) await objects.put(originalKey(id), file, { contentType: 'image/jpeg' })
  return id
}

/** Bytes that mean nothing. */
export const noise = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31 + 7) % 251)
