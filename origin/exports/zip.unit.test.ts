import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { type ZipFile, zip } from './zip.ts'

const at = new Date('2026-11-23T04:05:06Z')
const photo = Uint8Array.from([0xff, 0xd8, 0xff, 0, 1, 2])
const files = [
  { name: 'README.txt', content: 'Yours.\n' },
  { name: 'häuser/日本.json', content: JSON.stringify({ text: 'naïve 😀'.repeat(5_000) }) },
  { name: 'empty.json', content: '' },
]

async function createZip(files: Iterable<ZipFile>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of zip(files, at)) parts.push(part)
  return Buffer.concat(parts)
}

/**
 * Reads an archive by Python's zipfile: the first fault, and of each file the name, time and bytes as hex.
 * @returns undefined on a machine without Python
 */
function readByPython(archive: Buffer): [string | null, [string, number[], string][]] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'))
  const script =
    'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\n' +
    'print(json.dumps([z.testzip(), [[i.filename, list(i.date_time), z.read(i).hex()] for i in z.infolist()]]))'
  try {
    writeFileSync(join(folder, 'a.zip'), archive)
    const options = { encoding: 'utf8', maxBuffer: 1e8 } as const
    return JSON.parse(execFileSync('python3', ['-c', script, join(folder, 'a.zip')], options))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}

it('zip packs texts and bytes that an unzip of another make reads', async ({ skip }) => {
  const all = [...files, { name: 'photos/a.jpg', content: photo }]
  const read = readByPython(await createZip(all))
  if (!read) return skip('there is no Python here to read the archive')
  const time = [2026, 11, 23, 4, 5, 6]
  const hex = (content: string | Uint8Array) => Buffer.from(content as string).toString('hex')
  expect(read).toEqual([null, all.map(({ name, content }) => [name, time, hex(content)])])
})

it('zip goes over to ZIP64 for what a ZIP cannot count', async ({ skip }) => {
  const many = Array.from({ length: 65_600 }, (_, n) => ({ name: `${n}`, content: new Uint8Array() }))
  const read = readByPython(await createZip(many))
  if (!read) return skip('there is no Python here to read the archive')
  expect([read[0], read[1].length, read[1].at(-1)?.[0]]).toEqual([null, 65_600, '65599'])
})

it('zip ends with a directory that leads to each file', async () => {
  const archive = await createZip(files)
  const end = archive.length - 22
  expect(archive.readUInt32LE(end)).toBe(0x06054b50)
  expect(archive.readUInt16LE(end + 10)).toBe(files.length)
  let entry = archive.readUInt32LE(end + 16)
  for (const { name, content } of files) {
    expect(archive.readUInt32LE(entry)).toBe(0x02014b50)
    const nameLength = archive.readUInt16LE(entry + 28)
    expect(archive.toString('utf8', entry + 46, entry + 46 + nameLength)).toBe(name)
    const local = archive.readUInt32LE(entry + 42)
    expect(archive.readUInt32LE(local)).toBe(0x04034b50)
    const start = local + 30 + nameLength
    const packed = archive.subarray(start, start + archive.readUInt32LE(entry + 20))
    expect(inflateRawSync(packed).toString()).toBe(content)
    entry += 46 + nameLength
  }
  expect(entry).toBe(end)
})
