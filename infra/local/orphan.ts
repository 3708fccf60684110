// Preloaded into every Node child (`--import`): its standard input is a pipe that only the supervisor holds, so its end means that
// the supervisor is gone, killed perhaps, and that nobody will ever stop this process, nor Postgres beside it.
const end = async () => {
  const { RUN_FILE, stopOrphanedPostgres } = await import('./orphans.ts')
  stopOrphanedPostgres(process.env[RUN_FILE])
  process.kill(process.pid, 'SIGTERM')
}
process.stdin.on('end', end)
process.stdin.on('error', end)
process.stdin.resume()
const input = process.stdin as typeof process.stdin & { unref?: () => void }
input.unref?.()

export {}
