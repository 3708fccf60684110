import { describe, expect, it } from 'vitest'
import { isPhotoType, sniffType } from './sniffing.ts'

const bytes = (latin1: string) => Buffer.from(latin1, 'latin1')
/** A box `ftyp` with a major brand and others. */
const brands = (major: string, ...others: string[]) => {
  const box = `ftyp${major}\0\0\0\0${others.join('')}`
  return bytes(`\0\0\0${String.fromCharCode(box.length + 4)}${box}and so on mdat avif`)
}

describe('sniffType', () => {
  it.each([
    ['image/jpeg', bytes('\xff\xd8\xff\xe0\0\x10JFIF')],
    ['image/png', bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
    ['image/gif', bytes('GIF87a')],
    ['image/gif', bytes('GIF89a/*')],
    ['image/webp', bytes('RIFF\n\0\0\0WEBPVP8 ')],
    ['image/avif', brands('avif', 'mif1', 'miaf')],
    ['image/avif', brands('avis', 'avif')],
    ['image/avif', brands('mif1', 'miaf', 'avif')],
    ['image/heic', brands('heic', 'mif1')],
    ['image/heic', brands('mif1', 'heic')],
    ['image/heic', brands('msf1', 'hevc')],
    ['image/tiff', bytes('II*\0\x08\0\0\0')],
    ['image/tiff', bytes('MM\0*\0\0\0\x08')],
    ['image/svg+xml', bytes('<svg xmlns="http://www.w3.org/2000/svg">')],
    ['image/svg+xml', bytes('\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a drawing -->\n<SVG>')],
    [undefined, brands('isom', 'mp41')],
    [undefined, bytes('RIFF\xff\xff\xff\xffAVI LIST')],
    [undefined, bytes('%PDF-1.7')],
    [undefined, bytes('<!doctype html><script>')],
    [undefined, bytes('BM6\0\0\0')],
    [undefined, bytes(' \xff\xd8\xff\xe0')],
    [undefined, bytes('\xff\xd8')],
    [undefined, bytes('')],
  ])('finds %s', (type, file) => {
    expect(sniffType(file)).toBe(type)
  })

  it('looks at nothing but the beginning', () => {
    const late = Buffer.concat([bytes('<?xml?>'), Buffer.alloc(600, ' '), bytes('<svg>')])
    expect(sniffType(late)).toBeUndefined()
  })

  it('takes no longer for a file that is made to be looked at for long', () => {
    const slow = bytes('<'.repeat(10_000_000))
    expect(sniffType(slow)).toBeUndefined()
  })
})

describe('isPhotoType', () => {
  it('is what photos are made from', () => {
    expect(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'].every(isPhotoType)).toBe(true)
    expect([undefined, 'image/heic', 'image/svg+xml', 'image/tiff', 'text/html'].some(isPhotoType)).toBe(false)
  })
})
