/**
 * Shares work by name: whoever asks while it is being done waits for it instead of doing it again. Nobody waits for ever: in a
 * Worker a request that is cancelled takes its I/O with it, and the promise that others wait for never settles.
 * @param patience how long one waits for another's work before doing it oneself, in milliseconds
 * @returns gives what the work gives, and throws what it throws; a result must hold no I/O of the request that made it
 */
export function createSingleFlight<T>({ patience }: { patience: number }) {
  const flights = new Map<string, Promise<T>>()

  return async (name: string, work: () => Promise<T>): Promise<T> => {
    let lost: Promise<T> | undefined
    for (;;) {
      const flight = flights.get(name)
      // Of those who waited in vain one begins anew, and the others wait for that one.
      if (!flight || flight === lost) break
      if (await settlesWithin(patience, flight)) return flight
      lost = flight
    }
    const own = work().finally(() => {
      if (flights.get(name) === own) flights.delete(name)
    })
    flights.set(name, own)
    return own
  }
}

/** Tells whether work ends in time, well or badly. The timer belongs to whoever waits, so that a Worker's request waits on I/O of its own. */
export async function settlesWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(resolve, milliseconds, false)
  })
  const settled = work.then(
    () => true,
    () => true,
  )
  const first = await Promise.race([settled, late])
  clearTimeout(timer)
  return first
}
