/// <reference lib="deno.ns" />
import assets from '../dist/client-manifest.json' with { type: 'json' }
import { createApp } from './app.ts'
import { createFileAssets } from './file-assets.ts'
import { nowhere } from './platform.ts'

const root = new URL('../dist/client', import.meta.url)
const fetchAsset = createFileAssets(path => Deno.readFile(new URL(root + path)))
const app = createApp({ env: Deno.env.toObject(), assets, fetchAsset })

// Deno knows no places: without `?from=` on a local stack the last rule of geo/rules.json decides.
const port = Number(Deno.env.get('PORT') ?? 8787)
const server = Deno.serve({ hostname: Deno.env.get('HOST') ?? '127.0.0.1', port }, (request, { remoteAddr }) =>
  app.fetch(request, { ip: remoteAddr.hostname, geo: nowhere, waitUntil: work => void work.catch(() => {}) }),
)
Deno.addSignalListener('SIGTERM', () => server.shutdown())
