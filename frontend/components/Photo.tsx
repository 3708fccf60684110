import type { Image, VariantFormat, VariantStep } from '../../shared/media.ts'
import { variantFormats } from '../../shared/media-limits.ts'
import { paths } from '../../shared/paths.ts'

type Props = {
  image: Image
  /** Empty where the words beside it say what it is. */
  alt: string
  /** How wide it is shown, as the `sizes` attribute (HTML §4.8.4.2.2). */
  sizes: string
  /** The widest variant that is worth its bytes here. */
  most?: VariantStep
  /** `first` is what one came to see, `soon` is in sight when the page opens; the others wait until they are near. */
  when?: 'first' | 'soon'
  /** Without its colour: something better lies behind. */
  bare?: boolean
}

/**
 * A photo in the formats we have, over its dominant colour until it has come. The colour is a presentation attribute of
 * SVG 2 (§6.6), which needs no inline style; twelve bits of it are enough for a moment. Small ones offer the few browsers
 * without WebP one JPEG: lists say it 24 times.
 */
export function Photo({ image, alt, sizes, most = 640, when, bare }: Props) {
  const [modern, plain] = variantFormats
  const last = shownVariants(image, most).at(-1)
  return (
    <>
      {!bare && <svg {...({ color: shortColor(image.color) } as object)} />}
      <picture>
        <source type={`image/${modern}`} srcset={srcsetOf(image, modern, most)} sizes={sizes} />
        <img
          src={paths.media(image.id, last?.step ?? 320, plain)}
          {...(most > 640 && { srcset: srcsetOf(image, plain, most), sizes })}
          alt={alt}
          width={last?.width}
          height={last?.height}
          loading={when ? undefined : 'lazy'}
          fetchpriority={when === 'first' ? 'high' : undefined}
          decoding="async"
        />
      </picture>
    </>
  )
}

/** What a `srcset` says of the variants up to a step: each URL with its real width. */
export function srcsetOf(image: Image, format: VariantFormat, most: VariantStep): string {
  return shownVariants(image, most)
    .map(({ step, width }) => `${paths.media(image.id, step, format)} ${width}w`)
    .join()
}

function shownVariants({ variants }: Image, most: VariantStep) {
  return variants.filter(({ step }) => step <= most)
}

/** "#a1b2c3" → "#abc", rounded: HTML that all visitors load says it 24 times. */
export function shortColor(color: string): string {
  const channels = [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16))
  return `#${channels.map(channel => Math.round(channel / 17).toString(16)).join('')}`
}
