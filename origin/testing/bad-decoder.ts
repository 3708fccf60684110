/*
 * A decoder that does what the bytes that it gets say, for tests of who has to do with it.
 */
const worse: Record<string, () => void> = {
  hang: () => {},
  spin: () => {
    for (;;);
  },
  die: () => process.kill(process.pid, 'SIGKILL'),
  nonsense: () => process.send?.({ photo: { width: -1 } }),
  settings: () => process.send?.({ problem: 'unsupported', message: JSON.stringify(process.env) }),
  memory: () =>
    process.send?.({ problem: 'too_many_pixels', message: 'It took too much', ending: true }, () => worse.die?.()),
  fine: () => process.send?.({ problem: 'unsupported', message: String(process.pid) }),
}

process.on('message', (bytes: Uint8Array) => worse[Buffer.from(bytes).toString()]?.())
process.send?.('ready')
