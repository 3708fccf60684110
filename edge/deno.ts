/// <reference lib="deno.ns" />
import assets from '../dist/client-manifest.json' with { type: 'json' }
import { createApp } from './app.ts'
import { createFileAssets } from './file-assets.ts'
import { nowhere } from './platform.ts'

const root = new URL('../dist/client', import.meta.url)
const fetchAsset = createFileAssets(path => Deno.readFile(new URL(root + path)))
// Deno's own cache gives what is long too old, and what is deleted from it stays on the disk: no place for photos.
const app = createApp({ env: Deno.env.toObject(), assets, fetchAsset, fetchOrigin, cache: null })

/** Deno sends a request whose connection broke once more, POST too, unless its body is a stream. */
function fetchOrigin(url: string, init: RequestInit): Promise<Response> {
  const once = init.method === 'POST' || init.method === 'PATCH'
  return fetch(url, once ? { ...init, body: streamOf(init.body as ArrayBuffer | ReadableStream | null) } : init)
}

function streamOf(body: ArrayBuffer | ReadableStream | null): ReadableStream {
  if (body instanceof ReadableStream) return body
  return new ReadableStream({
    start(controller) {
      if (body) controller.enqueue(new Uint8Array(body))
      controller.close()
    },
  })
}

// Deno knows no places: without `?from=` on a local stack the last rule of geo/rules.json decides.
const port = Number(Deno.env.get('PORT') ?? 8787)
const server = Deno.serve({ hostname: Deno.env.get('HOST') ?? '127.0.0.1', port }, (request, { remoteAddr }) =>
  app.fetch(request, { ip: remoteAddr.hostname, geo: nowhere, waitUntil: work => void work.catch(() => {}) }),
)
Deno.addSignalListener('SIGTERM', () => server.shutdown())
