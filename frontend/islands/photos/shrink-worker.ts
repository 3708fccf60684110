export type Shrink = { file: Blob; side: number; bytes: number; keep: boolean }
/** `blob` is null when the file is good as it is; `failed` when it cannot be decoded here. */
export type Shrunk = { blob: Blob | null; failed?: true }

const quality = 0.9

/**
 * Makes a picture small enough to send: upright, at most `side` pixels long. It is a JPEG then, and what the camera wrote
 * beside the picture is gone. A file that may be kept and is small enough stays as it is.
 */
addEventListener('message', async ({ data }: MessageEvent<Shrink>) => {
  postMessage(await shrink(data).catch((): Shrunk => ({ blob: null, failed: true })))
})

async function shrink(asked: Shrink): Promise<Shrunk> {
  const picture = await createImageBitmap(asked.file)
  try {
    return await redraw(picture, asked)
  } finally {
    picture.close()
  }
}

async function redraw(picture: ImageBitmap, { file, side, bytes, keep }: Shrink): Promise<Shrunk> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  if (keep && scale === 1 && file.size <= bytes) return { blob: null }
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
  const context = canvas.getContext('2d')
  if (!context) return { blob: null, failed: true }
  context.imageSmoothingQuality = 'high'
  // JPEG has no transparency: what shows through is white, not black.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
  return { blob: keep && blob.size >= file.size && file.size <= bytes ? null : blob }
}
