// Preloaded into every Node child (`--import`): its standard input is a pipe that only the supervisor holds, so its end means that
// the supervisor is gone, killed perhaps, and that nobody will ever stop this process.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.resume()
const input = process.stdin as typeof process.stdin & { unref?: () => void }
input.unref?.()
