import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import sharp from 'sharp'
import type { ImageProblem } from '../../shared/media.ts'
import { encodePhoto } from './encoding.ts'
import { PhotoProblem } from './photo.ts'

/*
 * The process in which photos are decoded, one at a time: `decoder-process.ts` starts it with the memory that it may take, in
 * bytes, the time of its core that a photo may take, in milliseconds, and its niceness; sends it files, and kills it when it says
 * nothing. It knows no setting and no secret.
 */
const [memoryLimit = 0, cpuLimit = 0, niceness = 0] = process.argv.slice(2).map(Number)
const watchEvery = 20

/** At once: `process.exit` would wait for what libvips is at. */
const end = () => process.kill(process.pid, 'SIGKILL')

process.on('disconnect', end)
setPriority(niceness)
try {
  writeFileSync('/proc/self/oom_score_adj', '1000') // where memory runs out, this process goes first
} catch {
  // there is no such thing elsewhere
}
sharp.cache(false)
sharp.concurrency(1)
// No other decoder is ever run, whatever a file pretends to be.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
})

process.on('message', async (bytes: Uint8Array) => {
  const begun = process.cpuUsage()
  const watch = setInterval(() => {
    const memory = process.memoryUsage.rss()
    const { user, system } = process.cpuUsage(begun)
    const cpu = Math.round((user + system) / 1_000)
    if (memory > memoryLimit) giveUp('too_many_pixels', `It took ${memory} bytes of memory`)
    else if (cpu > cpuLimit) giveUp('too_slow', `It took ${cpu} ms of a core`)
  }, watchEvery)
  const reply = await encodePhoto(bytes).then(
    photo => ({ photo }),
    err => ({
      problem: err instanceof PhotoProblem ? err.problem : 'unreadable',
      message: String(err).slice(0, 1_000),
    }),
  )
  clearInterval(watch)
  process.send?.(reply)
})
process.send?.('ready')

/** What libvips is at cannot be stopped but with the process. */
function giveUp(problem: ImageProblem, message: string): void {
  process.send?.({ problem, message, ending: true }, end)
}
