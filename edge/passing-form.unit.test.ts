import { describe, expect, it } from 'vitest'
import { maxFormBytes } from '../shared/upload-limit.ts'
import { openForm } from './passing-form.ts'

const idle = 30
const begin = 'x'.repeat(5_000)

describe('openForm', () => {
  it('passes on all that came, in order, its beginning too, however small its pieces', async () => {
    for (const pieces of [
      ['one ', 'two ', 'three'],
      ['on', 'e', ' ', begin, 'two'],
      [begin, 'three', begin],
    ]) {
      const form = await openForm(requestOf(pieces))
      expect(pieces.join('').startsWith(new TextDecoder().decode(form.head))).toBe(true)
      expect(form.head.byteLength).toBeGreaterThanOrEqual(Math.min(pieces.join('').length, 4_096))
      const { stream, stop } = form.begin()
      expect(await new Response(stream).text()).toBe(pieces.join(''))
      stop()
    }
  })

  it('refuses what is no form with a file, what is empty, and what never begins', async () => {
    const json = new Request('http://site.test', {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    await expect(openForm(json)).rejects.toMatchObject({ code: 'unsupported_media_type' })
    await expect(openForm(requestOf([]))).rejects.toMatchObject({ code: 'invalid_input' })
    const headers = { 'content-type': 'multipart/form-data; boundary=x' }
    await expect(openForm(new Request('http://site.test', { method: 'POST', headers }))).rejects.toMatchObject({
      code: 'invalid_input',
    })
    for (const pieces of [['hang'], ['one', 'hang'], ['one', 'gone']]) {
      await expect(openForm(requestOf(pieces), idle)).rejects.toMatchObject({ code: 'upload_incomplete' })
    }
  })

  it('begins nothing that says it is too large, and lets go of it', async () => {
    const request = requestOf(['one'], { 'content-length': String(maxFormBytes + 1) })
    const form = await openForm(request)
    expect(() => form.begin()).toThrow('15 MB')
    form.release()
    expect(request.body?.locked).toBe(false)
  })

  it('ends what turns out to be too large', async () => {
    const large = new Uint8Array(maxFormBytes)
    const { stream, signal, fault, stop } = (await openForm(requestOf([begin, large]))).begin()
    await expect(new Response(stream).arrayBuffer()).rejects.toThrow('15 MB')
    expect([signal.aborted, fault()?.code]).toEqual([true, 'body_too_large'])
    stop()
    const whole = (await openForm(requestOf([large]))).begin()
    expect((await new Response(whole.stream).arrayBuffer()).byteLength).toBe(maxFormBytes)
    whole.stop()
  })

  it('ends what stands still, and says on which side', async () => {
    const stalled = (await openForm(requestOf([begin, 'hang']), idle)).begin()
    const reading = new Response(stalled.stream).text()
    reading.catch(() => {})
    await expect.poll(() => stalled.signal.aborted, { timeout: 5_000 }).toBe(true)
    expect(stalled.fault()?.code).toBe('upload_incomplete')

    const unread = (await openForm(requestOf([begin, 'two']), idle)).begin()
    await expect.poll(() => unread.signal.aborted, { timeout: 5_000 }).toBe(true)
    expect(unread.fault()?.code).toBe('deadline_exceeded')

    const answered = (await openForm(requestOf([begin, 'two']), idle)).begin()
    answered.stop()
    await new Promise(resolve => setTimeout(resolve, 700))
    expect(answered.signal.aborted).toBe(false)
  })

  it('ends as a body should when the origin has answered, wherever it is, and lets go of the rest', async () => {
    for (const pieces of [
      [begin, 'hang'],
      [begin, 'more', begin],
    ]) {
      const request = requestOf(pieces)
      const form = await openForm(request)
      const { stream, signal, fault, stop } = form.begin()
      const reader = stream.getReader()
      expect((await reader.read()).value?.byteLength).toBe(begin.length)
      const next = reader.read()
      stop()
      form.release()
      while (!(await next).done && !(await reader.read()).done);
      expect([signal.aborted, fault(), request.body?.locked]).toEqual([false, undefined, false])
    }
  })

  it('says so when a client goes away', async () => {
    const { stream, fault, stop } = (await openForm(requestOf([begin, 'gone']))).begin()
    await expect(new Response(stream).text()).rejects.toThrow()
    expect(fault()?.code).toBe('upload_incomplete')
    stop()
  })
})

/** A request whose body comes in pieces: `hang` is followed by nothing, `gone` by an error. */
function requestOf(pieces: (string | Uint8Array)[], headers: Record<string, string> = {}): Request {
  const left = [...pieces]
  const body = new ReadableStream({
    async pull(controller) {
      const piece = left.shift()
      if (piece === 'hang') return new Promise(() => {})
      if (piece === 'gone') return controller.error(new Error('the client has gone'))
      if (piece === undefined) return controller.close()
      controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)
    },
  })
  const init = {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'content-type': 'multipart/form-data; boundary=x', ...headers },
  }
  return new Request('http://site.test', init as RequestInit)
}
