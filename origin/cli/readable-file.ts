import { accessSync, constants, statSync } from 'node:fs'

/** Says in words why a file cannot be read; undefined when it can. A pipe will do. */
export function whyNotReadable(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return 'there is no such file'
  if (found.isDirectory()) return 'it is a folder, and must be a file'
  try {
    accessSync(file, constants.R_OK)
  } catch {
    return 'it may not be read by you'
  }
  return undefined
}
