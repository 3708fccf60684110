/** Name of the one Trusted Types policy that client code may make: pages allow it, and the photos island makes it. */
export const trustedTypesPolicy = 'classifyhub'
