export type Clock = { now: () => Date; advance: (milliseconds: number) => void }

/** A clock that stands still at the real present until it is moved. */
export function createClock(start: Date = new Date()): Clock {
  let time = start.getTime()
  return {
    now: () => new Date(time),
    advance(milliseconds) {
      time += milliseconds
    },
  }
}
