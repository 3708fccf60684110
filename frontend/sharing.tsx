import { type Image, variantSteps } from '../shared/media.ts'
import { minorUnitDigits } from '../shared/money.ts'
import { paths } from '../shared/paths.ts'
import type { Post } from '../shared/post.ts'
import { jsonForScript } from './island.tsx'

type Props = { post: Post; origin: string; title: string; description: string }

/** What other sites show of a post that somebody shares (Open Graph), and what search engines read (schema.org Product). */
export function Sharing({ post, origin, title, description }: Props) {
  const url = origin + paths.post(post.id, post.title)
  const [cover] = post.images
  return (
    <>
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content="ClassifyHub" />
      <meta property="og:url" content={url} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={description} />
      {cover && <SharedImage image={cover} origin={origin} alt={cover.alt || post.title} />}
      <script
        type="application/ld+json"
        dangerouslySetInnerHTML={{ __html: jsonForScript(productOf(post, url, origin)) }}
      />
    </>
  )
}

function SharedImage({ image, origin, alt }: { image: Image; origin: string; alt: string }) {
  const variant = sharedVariant(image)
  return (
    <>
      <meta property="og:image" content={origin + paths.media(image.id, variant.step, 'jpg')} />
      <meta property="og:image:width" content={String(variant.width)} />
      <meta property="og:image:height" content={String(variant.height)} />
      <meta property="og:image:alt" content={alt} />
      <meta name="twitter:card" content="summary_large_image" />
    </>
  )
}

/** Large enough for every site that shows it, and no larger. */
function sharedVariant({ variants, width, height }: Image) {
  return variants.findLast(({ step }) => step <= 1280) ?? { step: variantSteps[0], width, height }
}

const conditions = {
  new: 'NewCondition',
  like_new: 'UsedCondition',
  good: 'UsedCondition',
  worn: 'UsedCondition',
  for_parts: 'DamagedCondition',
} as const

function productOf(post: Post, url: string, origin: string) {
  const { title, description, price, condition, status } = post
  const images = post.images.map(image => origin + paths.media(image.id, sharedVariant(image).step, 'jpg'))
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: title,
    ...(description && { description }),
    ...(images.length > 0 && { image: images }),
    url,
    ...(price && {
      offers: {
        '@type': 'Offer',
        url,
        price: (price.amount / 10 ** minorUnitDigits(price.currency)).toFixed(minorUnitDigits(price.currency)),
        priceCurrency: price.currency,
        availability: `https://schema.org/${status === 'active' ? 'InStock' : 'LimitedAvailability'}`,
        ...(condition && { itemCondition: `https://schema.org/${conditions[condition]}` }),
      },
    }),
  }
}
