import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'

export type Door = { url: string; open: () => void; shut: () => void; hang: () => void; close: () => Promise<void> }

/** A way to Postgres that can be shut (connections end at once) or hang (they begin, and nothing is ever said). */
export async function createDoor(target: URL): Promise<Door> {
  let state: 'open' | 'shut' | 'hang' = 'open'
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    if (state === 'shut') return socket.destroy()
    if (state === 'hang') return
    const inner = dial({ host: target.hostname, port: Number(target.port), noDelay: true })
    inner.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    socket.on('close', () => inner.destroy())
    socket.pipe(inner).pipe(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.port = String((server.address() as AddressInfo).port)
  const end = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: url.href,
    open: () => {
      state = 'open'
      end()
    },
    shut: () => {
      state = 'shut'
      end()
    },
    hang: () => {
      state = 'hang'
    },
    async close() {
      end()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
