import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createDecoders, type Decoders } from '../origin/media/decoding.ts'
import type { EncodedPhoto } from '../origin/media/photo.ts'
import { cpuOf, median } from './measure.ts'
import type { RawOrder, RawWay } from './raw-sharp.ts'

type Made = { photos: readonly Buffer[]; encoded: readonly EncodedPhoto[] }
type Cost = { wall: number; cpu: number }

const slices = 6
const cores = availableParallelism()

/** How the pipeline compares with one way of using sharp: photos a second by the clock, and by the CPU that they cost. */
export type Speed = { way: RawWay; rawPerSecond: number; pipelinePerSecond: number; ratio: number; cpuRatio: number }

/**
 * Photos a second of the pipeline against raw sharp's, both with as many photos at a time as there are cores: interleaved slices,
 * each over all photos.
 */
export async function compareSpeed({ photos, encoded }: Made): Promise<Speed[]> {
  const decoders = createDecoders()
  const raw = await startRaw({ photos, encoded })
  const all = photos.map((_, n) => n)
  const candidates = {
    pipeline: () => costOf(decoders.pids, () => Promise.all(photos.map(decoders.decode))),
    each: () => costOf(raw.pids, () => raw.make(all, 'each', cores)),
    once: () => costOf(raw.pids, () => raw.make(all, 'once', cores)),
  }
  const costs: Record<keyof typeof candidates, Cost[]> = { pipeline: [], each: [], once: [] }
  for (let slice = -1; slice < slices; slice++) {
    for (const name of ['pipeline', 'each', 'once'] as const) {
      const cost = await candidates[name]()
      if (slice >= 0) costs[name].push(cost) // the first slice warms up
    }
  }
  raw.end()
  const perSecond = (some: Cost[]) => photos.length / (median(some.map(({ wall }) => wall)) / 1000)
  const ratio = (way: RawWay, key: keyof Cost) =>
    median(costs[way].map((cost, i) => cost[key] / (costs.pipeline[i]?.[key] ?? 1)))
  return (['each', 'once'] as const).map(way => ({
    way,
    rawPerSecond: perSecond(costs[way]),
    pipelinePerSecond: perSecond(costs.pipeline),
    ratio: ratio(way, 'wall'),
    cpuRatio: ratio(way, 'cpu'),
  }))
}

/** Peak memory in megabytes of the process that decodes, after all photos one by one: ours, and raw sharp's in each way. */
export async function compareMemory({ photos, encoded }: Made): Promise<Record<'pipeline' | RawWay, number>> {
  const decoders = createDecoders({ atOnce: 1 })
  for (const photo of photos) await decoders.decode(photo)
  const peaks = { pipeline: peakOf(decoders.pids()[0]), each: 0, once: 0 }
  for (const way of ['each', 'once'] as const) {
    const raw = await startRaw({ photos, encoded })
    for (const n of photos.keys()) await raw.make([n], way, 1)
    peaks[way] = peakOf(raw.pids()[0])
    raw.end()
  }
  return peaks
}

async function startRaw({ photos, encoded }: Made) {
  const env = { ...process.env, UV_THREADPOOL_SIZE: String(cores) }
  const child = fork(new URL('./raw-sharp.ts', import.meta.url), { serialization: 'advanced', execArgv: [], env })
  const tell = (order: RawOrder) => answerTo(child, order)
  await tell({ photos: photos.map((bytes, i) => ({ bytes, sizes: encoded[i]?.variants ?? [] })) })
  return {
    pids: () => [child.pid ?? 0],
    make: (numbers: number[], way: RawWay, atOnce: number) => tell({ make: numbers, way, atOnce }),
    end: () => child.kill('SIGKILL'),
  }
}

async function answerTo(child: ChildProcess, order: RawOrder): Promise<void> {
  const answered = once(child, 'message')
  child.send(order)
  await answered
}

/** Milliseconds, by the clock and of CPU: this process's and that of the processes which work for it. */
async function costOf(pids: Decoders['pids'], work: () => Promise<unknown>): Promise<Cost> {
  const theirs = () => pids().reduce((sum, pid) => sum + cpuOf(pid), 0)
  const [clock, own, others] = [performance.now(), process.cpuUsage(), theirs()]
  await work()
  const { user, system } = process.cpuUsage(own)
  return { wall: performance.now() - clock, cpu: (user + system + theirs() - others) / 1000 }
}

/** VmHWM of proc(5); 0 where there is no /proc. */
function peakOf(pid = 0): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Math.round(Number(kilobytes) / 1024)
  } catch {
    return 0
  }
}
