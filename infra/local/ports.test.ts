import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { choosePorts, isFree, nextFree } from './ports.ts'

const dir = mkdtempSync(path.join(os.tmpdir(), 'classifyhub ports '))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function listen(port: number, host = '127.0.0.1'): Promise<Server> {
  return new Promise(resolve => {
    const server = createServer().listen(port, host, () => resolve(server))
  })
}

describe('choosePorts', () => {
  it('keeps a port over restarts until somebody else has it', async () => {
    const file = path.join(dir, 'ports.json')
    const first = await choosePorts(file, ['mail', 'redis'])
    expect(await choosePorts(file, ['mail', 'redis'])).toEqual(first)
    const stranger = await listen(first.mail)
    const second = await choosePorts(file, ['mail', 'redis'])
    stranger.close()
    expect(second.redis).toBe(first.redis)
    expect(second.mail).not.toBe(first.mail)
    expect(new Set(Object.values(second)).size).toBe(2)
  })
})

describe('isFree', () => {
  it('sees a listener on either loopback address', async () => {
    for (const host of ['127.0.0.1', '::1']) {
      const server = await listen(0, host)
      const { port } = server.address() as AddressInfo
      expect(await isFree(port)).toBe(false)
      expect(await nextFree(port)).toBeGreaterThan(port)
      server.close()
    }
  })
})
