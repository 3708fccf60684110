import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { WebSocketServer } from 'ws'

export type WsBridge = { address: string; stop: () => Promise<void> }

/** Opens a WebSocket-to-TCP bridge on a free port, so that Neon's driver reaches the Postgres of a URL. */
export async function createWsBridge(postgresUrl: string): Promise<WsBridge> {
  const { hostname, port } = new URL(postgresUrl)
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  server.on('connection', socket => {
    const tcp = connect({ host: hostname, port: Number(port || 5432), noDelay: true })
    socket.on('message', data => tcp.write(data as Buffer))
    tcp.on('data', data => socket.send(data))
    const end = () => {
      tcp.destroy()
      socket.terminate()
    }
    for (const event of ['close', 'error'] as const) {
      socket.on(event, end)
      tcp.on(event, end)
    }
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const client of server.clients) client.terminate()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
