import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Line, longestLine, readLines } from './import-lines.ts'

describe('readLines', () => {
  it('numbers lines, passing over blank ones, CRLF and a byte order mark', async () => {
    expect(await linesOf(['\ufeff{"a":1}\r\n\r\n  \n{"b":2}'])).toEqual([
      { number: 1, text: '{"a":1}' },
      { number: 4, text: '{"b":2}' },
    ])
  })

  it('gives the same lines wherever the stream is cut', async () => {
    const text = 'één\ntwo 🚲\r\n\nfour'
    const whole = await linesOf([text])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 24 })), async cuts => {
        const bytes = Buffer.from(text)
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length]
        const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end))
        expect(await linesOf(pieces)).toEqual(whole)
      }),
    )
  })

  it('names a line that is too long, and reads on', async () => {
    const long = Buffer.alloc(longestLine / 2 + 1, 'x')
    const lines = await linesOf(['one\n', long, long, '\nthree\n'])
    expect(lines).toEqual([
      { number: 1, text: 'one' },
      { number: 2, fault: 'is longer than 1 MB' },
      { number: 3, text: 'three' },
    ])
  })

  it('names a line that is not UTF-8', async () => {
    expect(await linesOf([Buffer.from([0xff, 0xfe]), '\nok'])).toEqual([
      { number: 1, fault: 'is not UTF-8' },
      { number: 2, text: 'ok' },
    ])
  })
})

async function linesOf(pieces: (string | Uint8Array)[]): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of readLines(stream(pieces))) lines.push(line)
  return lines
}

async function* stream(pieces: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Buffer.from(piece)
}
