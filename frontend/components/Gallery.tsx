import type { Image } from '../../shared/media.ts'
import { paths } from '../../shared/paths.ts'
import { Island } from '../island.tsx'
import { Icon } from './Icon.tsx'
import { Photo } from './Photo.tsx'

type Props = { images: readonly Image[]; title: string; badge?: string | null }

/**
 * The photos of a post as a strip that snaps, with small ones below that lead to each, and each a link to the whole
 * picture. The gallery island adds arrows, keys and a view that fills the screen.
 */
export function Gallery({ images, title, badge }: Props) {
  const several = images.length > 1
  return (
    <Island name="gallery" props={{ hashes: images.map(({ thumbhash }) => thumbhash) }} class="gallery">
      <div class="frame">
        <ul class="strip">
          {images.map((image, index) => (
            <li key={image.id} id={`photo-${index + 1}`}>
              <a href={paths.media(image.id, image.variants.at(-1)?.step ?? 320, 'jpg')} class="ph">
                <Photo
                  image={image}
                  alt={altOf(image, index, images.length, title)}
                  sizes="(max-width:760px) 100vw,min(58vw,700px)"
                  most={1920}
                  {...(index === 0 && { when: 'first' })}
                />
              </a>
            </li>
          ))}
        </ul>
        {badge && <b class="badge">{badge}</b>}
        {several && <Turning />}
      </div>
      {several && <Thumbs images={images} />}
      <FullScreen several={several} />
    </Island>
  )
}

/** What is said of a photo to those who do not see it: the seller's words, else which one it is. */
export function altOf({ alt }: Image, index: number, count: number, title: string): string {
  return alt || `Photo ${index + 1} of ${count}: ${title}`
}

/** Arrows and a count, which need the island: hidden until it is there. */
function Turning() {
  return (
    <div class="turning" hidden>
      <button type="button" data-turn="-1" class="round">
        <Icon name="chevron-left" />
        <span class="sr">Previous photo</span>
      </button>
      <button type="button" data-turn="1" class="round">
        <Icon name="chevron-right" />
        <span class="sr">Next photo</span>
      </button>
      <p class="count" aria-hidden="true" />
      <p class="sr" role="status" />
    </div>
  )
}

function Thumbs({ images }: { images: readonly Image[] }) {
  return (
    <ul class="thumbs">
      {images.map((image, index) => (
        <li key={image.id}>
          <a href={`#photo-${index + 1}`} class="ph" aria-label={`Photo ${index + 1}`}>
            <Photo image={image} alt="" sizes="84px" most={320} when="soon" />
          </a>
        </li>
      ))}
    </ul>
  )
}

/** The view that fills the screen; closed, it is not there for anybody. */
function FullScreen({ several }: { several: boolean }) {
  return (
    <dialog class="full" aria-label="Photos">
      <div class="stage" />
      <div class="full-bar">
        <button type="button" data-zoom="out" class="round">
          <Icon name="zoom-out" />
          <span class="sr">Zoom out</span>
        </button>
        <button type="button" data-zoom="in" class="round">
          <Icon name="zoom-in" />
          <span class="sr">Zoom in</span>
        </button>
        <form method="dialog">
          <button type="submit" class="round" autofocus>
            <Icon name="x" />
            <span class="sr">Close</span>
          </button>
        </form>
      </div>
      {several && <Turning />}
      <p class="caption" />
    </dialog>
  )
}
