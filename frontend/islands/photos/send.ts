import type { ImageUpload } from '../../../shared/media.ts'
import { Fault, faults } from './words.ts'

/** When nothing moves for so long, the connection is dead, in milliseconds. */
const stalled = 30_000

/**
 * Sends a file to where the origin said, as the form that its policy allows. XMLHttpRequest, since fetch tells nothing of
 * how much has gone.
 * @param moved told how much is sent, from 0 to 100
 * @throws Fault, or what `signal` was aborted with
 */
export function send(
  { url, fields }: ImageUpload['upload'],
  file: Blob,
  moved: (progress: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', file)
    const request = new XMLHttpRequest()
    let timer = 0
    const watch = () => {
      clearTimeout(timer)
      timer = setTimeout(() => request.abort(), stalled) as unknown as number
    }
    const stop = () => request.abort()
    request.upload.onprogress = ({ loaded, total }) => {
      watch()
      moved(total ? Math.floor((loaded / total) * 100) : 0)
    }
    request.onabort = () => reject(signal.aborted ? signal.reason : new Fault(faults.offline, true))
    request.onerror = () => reject(new Fault(faults.offline, true))
    request.onload = () => (request.status < 300 ? resolve() : reject(new Fault(faults.refused, true)))
    request.onloadend = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    signal.addEventListener('abort', stop)
    if (signal.aborted) return reject(signal.reason)
    request.open('POST', url)
    request.send(form)
    watch()
  })
}
