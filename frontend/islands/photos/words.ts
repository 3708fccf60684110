import { Refusal } from '../../../shared/image-client.ts'

/** Something that went wrong with one file, in words; `again` when sending the same file once more may help. */
export class Fault extends Error {
  readonly again: boolean

  constructor(words: string, again = false) {
    super(words)
    this.again = again
  }
}

export const faults = {
  unsupported: 'This is no picture that can be shown. Send a JPEG, PNG, WebP, AVIF or GIF.',
  heic: 'This is a HEIC photo, which this browser cannot open. Send it from the phone itself, or save it as a JPEG first.',
  empty: 'The file is empty. Open it on your device, then choose it once more.',
  too_large: 'The file is larger than 15 MB. Send a smaller copy.',
  offline: 'The connection broke. Nothing is lost: it goes on when you are online.',
  refused: 'It did not arrive. Try it again.',
  signedOut: 'You are signed out. Sign in in another tab, then try again.',
  ours: 'Something went wrong on our side. Try again in a minute.',
} as const

/** What a person is told about anything that was thrown on the way. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error
  if (!(error instanceof Refusal)) return new Fault(faults.offline, true)
  if (error.status === 401) return new Fault(faults.signedOut, true)
  if (error.status >= 500) return new Fault(faults.ours, true)
  const again = error.code === 'rate_limited' || error.code === 'upload_incomplete' || error.code === 'conflict'
  return new Fault(/[.!?]$/.test(error.message) ? error.message : `${error.message}.`, again)
}
