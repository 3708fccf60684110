import sharp from 'sharp'
import { ssim } from 'ssim.js'

type Encoded = Uint8Array

/**
 * Measures how alike two pictures of one size are: mean SSIM of their brightness (Wang et al., "Image Quality Assessment",
 * 2004), 1 for the same. Neither is turned or scaled, so a wrong side up shows.
 */
export async function similarity(a: Encoded, b: Encoded): Promise<number> {
  const [one, other] = await Promise.all([pixelsOf(a), pixelsOf(b)])
  return ssim(one, other).mssim
}

async function pixelsOf(encoded: Encoded) {
  const { data, info } = await sharp(encoded).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height }
}
