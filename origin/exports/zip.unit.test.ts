import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { createZip } from './zip.ts'

const files = [
  { name: 'README.txt', content: 'Yours.\n' },
  { name: 'häuser/日本.json', content: JSON.stringify({ text: 'naïve 😀'.repeat(5_000) }) },
  { name: 'empty.json', content: '' },
]

it('createZip packs files that an unzip of another make reads', async () => {
  const zip = await createZip(files, new Date('2026-11-23T04:05:06Z'))
  const folder = mkdtempSync(join(tmpdir(), 'zip-'))
  try {
    writeFileSync(join(folder, 'a.zip'), zip)
    const script =
      'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\n' +
      'print(json.dumps([z.testzip(), [[i.filename, list(i.date_time), z.read(i).decode()] for i in z.infolist()]]))'
    let output: string
    try {
      output = execFileSync('python3', ['-c', script, join(folder, 'a.zip')], { encoding: 'utf8', maxBuffer: 1e7 })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return // a machine without Python: the next test stands alone
      throw error
    }
    const time = [2026, 11, 23, 4, 5, 6]
    expect(JSON.parse(output)).toEqual([null, files.map(({ name, content }) => [name, time, content])])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('createZip ends with a directory that leads to each file', async () => {
  const zip = await createZip(files, new Date('2026-11-23T04:05:06Z'))
  const end = zip.length - 22
  expect(zip.readUInt32LE(end)).toBe(0x06054b50)
  expect(zip.readUInt16LE(end + 10)).toBe(files.length)
  let entry = zip.readUInt32LE(end + 16)
  for (const { name, content } of files) {
    expect(zip.readUInt32LE(entry)).toBe(0x02014b50)
    const nameLength = zip.readUInt16LE(entry + 28)
    expect(zip.toString('utf8', entry + 46, entry + 46 + nameLength)).toBe(name)
    const local = zip.readUInt32LE(entry + 42)
    expect(zip.readUInt32LE(local)).toBe(0x04034b50)
    const start = local + 30 + nameLength
    const packed = zip.subarray(start, start + zip.readUInt32LE(entry + 20))
    expect(inflateRawSync(packed).toString()).toBe(content)
    entry += 46 + nameLength
  }
  expect(entry).toBe(end)
})
