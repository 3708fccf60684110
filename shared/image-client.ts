import type { Problem } from './errors.ts'
import type { ImageInput, ImageUpload, OwnImage, OwnImageList } from './media.ts'

/** What the API said instead of doing what it was asked. */
export class Refusal extends Error {
  readonly status: number
  /** A key of the error table; empty when nothing that we know answered. */
  readonly code: string

  constructor(status: number, { code = '', detail, title }: Partial<Problem>) {
    super(detail ?? title ?? `Answered with ${status}`)
    this.status = status
    this.code = code
  }
}

/** Announces a file and is told where to send it. Like all of these, throws Refusal, or TypeError when nobody answers. */
export function announceImage(postId: string, input: ImageInput, signal: AbortSignal): Promise<ImageUpload> {
  return ask('POST', `/posts/${postId}/images`, input, signal)
}

/** Says that the file was sent; safe to repeat. */
export function completeImage(id: string, signal: AbortSignal): Promise<OwnImage> {
  return ask('PUT', `/images/${id}/completion`, undefined, signal)
}

export function orderImages(postId: string, ids: readonly string[]): Promise<OwnImageList> {
  return ask('PUT', `/posts/${postId}/images/order`, { ids })
}

export function describeImage(id: string, alt: string): Promise<OwnImage> {
  return ask('PATCH', `/images/${id}`, { alt })
}

/** Deletes a photo; one that is gone already is as good as deleted. */
export async function deleteImage(id: string): Promise<void> {
  await ask('DELETE', `/images/${id}`).catch(error => {
    if (!(error instanceof Refusal) || error.status !== 404) throw error
  })
}

async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  const text = await response.text()
  if (!response.ok) throw new Refusal(response.status, readProblem(text))
  return (text ? JSON.parse(text) : undefined) as T
}

function readProblem(text: string): Partial<Problem> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
