/** How long a deleted account can be had back by signing in before it is erased, in milliseconds. */
export const keptAfterDeletion = 14 * 86_400_000
