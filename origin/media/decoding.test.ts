import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { isAlive } from '../cli/process-mark.ts'
import { somePicture } from '../testing/photos.ts'
import { createDecoders, type Decoders, type DecodersOptions } from './decoding.ts'
import { PhotoProblem } from './photo.ts'

const bad = new URL('../testing/bad-decoder.ts', import.meta.url)
const missing = new URL('../testing/no-decoder.ts', import.meta.url)
const createBad = (options: DecodersOptions = {}) => createDecoders({ entry: bad, atOnce: 1, ...options })
const ask = (decoders: Decoders, what: string) => decoders.decode(Buffer.from(what)).catch((error: unknown) => error)
const problem = (name: string, message = /./) =>
  expect.objectContaining({ problem: name, message: expect.stringMatching(message) })

let photo: Buffer
let large: Buffer
beforeAll(async () => {
  photo = await somePicture(400, 300).jpeg().toBuffer()
  large = await somePicture(4_000, 3_000).avif({ effort: 0 }).toBuffer()
})

describe('createDecoders', () => {
  it('decodes in another process, and keeps it for the next photo', async () => {
    const decoders = createDecoders()
    expect(await decoders.decode(photo)).toMatchObject({ width: 400, height: 300 })
    const [pid] = decoders.pids()
    expect(pid).not.toBe(process.pid)
    await decoders.decode(photo)
    expect(decoders.pids()).toEqual([pid])
  })

  it('has so many photos under way at a time, and serves all others in turn', async () => {
    const decoders = createDecoders({ atOnce: 2 })
    const most: number[] = []
    const all = Array.from({ length: 7 }, async () => {
      await decoders.decode(photo)
      most.push(decoders.pids().length)
    })
    await Promise.all(all)
    expect(most).toHaveLength(7)
    expect(Math.max(...most)).toBe(2)
  })

  it('tries once more when a decoder is killed in the midst, and nobody notices', async () => {
    const decoders = createDecoders({ atOnce: 1 })
    await decoders.decode(photo)
    const [first = 0] = decoders.pids()
    const decoding = decoders.decode(photo)
    process.kill(first, 'SIGKILL')
    expect(await decoding).toMatchObject({ width: 400, height: 300 })
    expect(decoders.pids()).not.toContain(first)
  })

  it('takes a photo of which its decoders die for unreadable, and goes on with the next', async () => {
    const decoders = createBad()
    const before = ask(decoders, 'fine')
    const poison = ask(decoders, 'die')
    const after = ask(decoders, 'fine')
    expect(await before).toEqual(problem('unsupported'))
    expect(await poison).toEqual(problem('unreadable', /SIGKILL/))
    expect(await after).toEqual(problem('unsupported'))
    expect(decoders.pids()).toHaveLength(1)
  })

  it.each(['hang', 'spin'])('kills a decoder that takes too long (%s)', async what => {
    const decoders = createBad({ timeLimit: 2_000 })
    await ask(decoders, 'fine')
    const [pid = 0] = decoders.pids()
    expect(await ask(decoders, what)).toEqual(problem('too_slow', /2000 ms/))
    await expect.poll(() => isAlive(pid)).toBe(false)
    expect(await ask(decoders, 'fine')).toEqual(problem('unsupported'))
  })

  it('ends a decoder that takes too much memory', async () => {
    const decoders = createDecoders({ atOnce: 1, memoryLimit: 170_000_000 })
    await decoders.decode(photo)
    const [pid = 0] = decoders.pids()
    expect(await decoders.decode(large).catch(error => error)).toEqual(problem('too_many_pixels', /bytes of memory/))
    await expect.poll(() => isAlive(pid)).toBe(false)
    expect(await decoders.decode(photo)).toMatchObject({ width: 400 })
  })

  it('ends a decoder that takes too much of its core', async () => {
    const decoders = createDecoders({ atOnce: 1, cpuLimit: 50 })
    expect(await decoders.decode(large).catch(error => error)).toEqual(problem('too_slow', /ms of a core/))
  })

  it('does not hand the next photo to one that ends itself', async () => {
    const decoders = createBad()
    expect(await ask(decoders, 'memory')).toEqual(problem('too_many_pixels', /too much/))
    expect(decoders.pids()).toEqual([])
    expect(await ask(decoders, 'fine')).toEqual(problem('unsupported'))
  })

  it('believes no nonsense', async () => {
    expect(await ask(createBad(), 'nonsense')).toEqual(problem('unreadable', /nonsense/))
  })

  it('says what is wrong when none can be started, and blames no photo', async () => {
    const error = await ask(createDecoders({ entry: missing }), 'x')
    expect(error).not.toBeInstanceOf(PhotoProblem)
    expect(error).toEqual(expect.objectContaining({ message: expect.stringMatching(/the library is missing/) }))
  })

  it('shows a decoder no setting of this process', async () => {
    process.env.SECRET_OF_THIS_TEST = 'secret'
    const { message } = (await ask(createBad(), 'settings')) as PhotoProblem
    const names = Object.keys(JSON.parse(message)).filter(name => !name.startsWith('NODE_CHANNEL'))
    expect(names.sort()).toEqual(['MALLOC_ARENA_MAX', 'UV_THREADPOOL_SIZE'])
  })

  it('ends one that has had nothing to do for a while', async () => {
    const decoders = createBad({ idleLimit: 50 })
    await ask(decoders, 'fine')
    await expect.poll(() => decoders.pids()).toEqual([])
    expect(await ask(decoders, 'fine')).toEqual(problem('unsupported'))
  })

  it('leaves no decoder behind when its own process is killed in the midst of a photo', async () => {
    const program = `
      import { createDecoders } from ${JSON.stringify(new URL('./decoding.ts', import.meta.url).href)}
      const decoders = createDecoders({ atOnce: 1 })
      const bytes = await new Promise(resolve => process.stdin.on('data', data => resolve(data)))
      decoders.decode(Buffer.from(bytes.toString(), 'base64')).catch(() => {})
      setInterval(() => decoders.pids().length && console.log(decoders.pids()[0]), 5)`
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    parent.stdin.end(photo.toString('base64'))
    const [said] = await once(parent.stdout, 'data')
    const pid = Number.parseInt(String(said), 10)
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false)
  })
})
