import { describe, expect, it } from 'vitest'
import { dominantColor } from './dominant-color.ts'

const pixels = (...colors: [times: number, red: number, green: number, blue: number][]) =>
  Uint8Array.from(colors.flatMap(([times, ...rgb]) => Array.from({ length: times }, () => [...rgb, 255]).flat()))

describe('dominantColor', () => {
  it('is the colour of a picture of one', () => {
    expect(dominantColor(pixels([9, 18, 52, 86]))).toBe('#123456')
    expect(dominantColor(pixels([9, 255, 255, 255]))).toBe('#ffffff')
    expect(dominantColor(pixels([1, 0, 0, 0]))).toBe('#000000')
  })

  it('is what there is most of, not what lies between', () => {
    expect(dominantColor(pixels([40, 250, 10, 10], [60, 10, 10, 250]))).toBe('#0a0afa')
  })

  it('is the mean of colours that are alike', () => {
    expect(dominantColor(pixels([50, 100, 100, 100], [50, 102, 104, 106], [30, 0, 255, 0]))).toBe('#656667')
  })

  it('is black where there is nothing', () => {
    expect(dominantColor(new Uint8Array())).toBe('#000000')
  })
})
