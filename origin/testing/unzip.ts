import { inflateRawSync } from 'node:zlib'

/** Reads a ZIP by its local headers, as `origin/exports/zip.ts` writes them. @returns the files' texts by name */
export function unzip(zip: Buffer): Record<string, string> {
  const files: Record<string, string> = {}
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const [method, packed, name] = [zip.readUInt16LE(at + 8), zip.readUInt32LE(at + 18), zip.readUInt16LE(at + 26)]
    const start = at + 30 + name
    const bytes = zip.subarray(start, start + packed)
    files[zip.toString('utf8', at + 30, start)] = (method === 0 ? bytes : inflateRawSync(bytes)).toString()
    at = start + packed
  }
  return files
}
