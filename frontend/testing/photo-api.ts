import type { OwnImage } from '../../shared/media.ts'
import { imageOf } from '../fixtures.ts'
import type { Answer, FixtureSite } from './site.ts'

/** The routes of photos and a bucket, in memory: what was sent, and what a test wants to go wrong. */
export function createPhotoApi(site: FixtureSite, first: readonly OwnImage[] = []) {
  let images = [...first]
  let made = 0
  const sent = new Map<string, Buffer>()
  let open = 0
  let mostOpen = 0
  const faults: Answer[] = []
  /** Resolves when the bucket may answer. */
  let gate: Promise<unknown> = Promise.resolve()

  const find = (id: string | undefined) => images.find(image => image.id === id)
  const set = (id: string | undefined, change: Partial<OwnImage>) => {
    images = images.map(image => (image.id === id ? { ...image, ...change } : image))
    return { body: find(id) }
  }

  site.on(asked => {
    const fault = faults.map(each => each(asked)).find(answer => answer !== undefined)
    if (fault) return fault
    const { method, path, body } = asked
    const json = () => JSON.parse(String(body))
    const [, , , kind = '', id = '', part = '', last = ''] = path.split('/')
    const route = `${method} ${kind}${part && `/${part}`}${last && `/${last}`}`
    switch (route) {
      case 'GET posts/images':
        return { body: { items: images } }
      case 'POST posts/images': {
        made += 1
        const image: OwnImage = {
          id: `na_new${made}`,
          state: 'uploading',
          problem: null,
          fileName: json().fileName,
          alt: '',
          createdAt: '2026-11-22T09:00:00.000Z',
          image: null,
        }
        images.push(image)
        const url = `${site.url}/api/v1/bucket/${image.id}`
        const fields = { key: `uploads/${image.id}`, 'Content-Type': json().contentType, policy: 'p' }
        return { status: 201, body: { image, upload: { url, fields, expiresAt: '2026-11-22T09:10:00.000Z' } } }
      }
      case 'POST bucket': {
        sent.set(id, fileIn(body))
        open += 1
        mostOpen = Math.max(mostOpen, open)
        return gate.then(() => {
          open -= 1
          return { status: 204 }
        })
      }
      case 'PUT images/completion':
        return set(id, { state: 'processing' })
      case 'PATCH images':
        return set(id, json())
      case 'PUT posts/images/order':
        images = json().ids.flatMap((each: string) => find(each) ?? [])
        return { body: { items: images } }
      case 'DELETE images':
        images = images.filter(image => image.id !== id)
        return {}
    }
    return undefined
  })

  return {
    sent,
    images: () => images,
    mostOpen: () => mostOpen,
    /** Answers like this, until the function that it gives is called. */
    fail(answer: Answer) {
      faults.push(answer)
      return () => void faults.splice(faults.indexOf(answer), 1)
    },
    /** Keeps the bucket from answering, until the function that it gives is called. */
    hold() {
      let release = () => {}
      gate = new Promise<void>(resolve => {
        release = resolve
      })
      return () => release()
    },
    /** The worker has done its work. */
    finish(change: (image: OwnImage, index: number) => Partial<OwnImage> = (_, index) => ready(index)) {
      images = images.map((image, index) =>
        image.state === 'processing' ? { ...image, ...change(image, index) } : image,
      )
    },
  }
}

function ready(seed: number): Partial<OwnImage> {
  return { state: 'ready', image: imageOf(seed) }
}

/** The file of a multipart body, which is its last part (RFC 7578). */
function fileIn(body: Buffer): Buffer {
  const boundary = body.subarray(0, body.indexOf('\r\n'))
  const part = body.subarray(body.lastIndexOf(boundary, body.length - boundary.length - 6))
  return part.subarray(part.indexOf('\r\n\r\n') + 4, part.length - boundary.length - 6)
}
