/** What stands in the place of a message that a moderator removed; only its author is given the reason. */
export function removalText(reason: string | null): string {
  return reason === null ? 'Removed by a moderator.' : `Removed by a moderator. Only you see why: ${reason}`
}
