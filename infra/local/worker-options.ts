import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { unstable_readConfig as readConfig, unstable_getMiniflareWorkerOptions as toMiniflare } from 'wrangler'
import { ROOT } from './node-child.ts'

// Its own program: importing Wrangler takes most of a second, and it runs while the bundle is made.
// The names of required secrets are left out: the stack binds its own, and Wrangler would warn that they are missing here.
const [file] = process.argv.slice(2)
if (file === undefined) throw new Error('Cannot write the options: usage is worker-options.ts FILE')
const config = readConfig({ config: path.join(ROOT, 'wrangler.toml') }, { hideWarnings: true })
const { workerOptions } = toMiniflare({ ...config, secrets: undefined })
writeFileSync(file, JSON.stringify({ ...workerOptions, name: 'edge' }, null, 2))
