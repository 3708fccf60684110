import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What the client wants to be written. */
export type What = 'post' | 'publication' | 'message'

/** A line of the ledger: what was asked, that it was acknowledged, or that it was refused for good. */
export type Entry =
  | { key: string; at: number; ask: What; by: string; about?: string }
  | { key: string; at: number; yes: string }
  | { key: string; at: number; no: string }

export type Ledger = { write: (entry: Entry) => void; close: () => void }

/** Opens a ledger whose lines are on the disk before `write` returns. */
export function openLedger(file: string): Ledger {
  const descriptor = openSync(file, 'a', 0o600)
  return {
    write(entry) {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`)
      fdatasyncSync(descriptor)
    },
    close: () => closeSync(descriptor),
  }
}

/** One wish of the client and what became of it: `yes` is the id that it was told, undefined when it never heard. */
export type Wish = { key: string; what: What; by: string; about: string | undefined; yes?: string; no?: string }

/** Reads a ledger as wishes, by key. */
export function readLedger(file: string): Wish[] {
  const wishes = new Map<string, Wish>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue
    const entry = JSON.parse(line) as Entry
    const wish = wishes.get(entry.key)
    if ('ask' in entry) wishes.set(entry.key, { key: entry.key, what: entry.ask, by: entry.by, about: entry.about })
    else if (wish && 'yes' in entry) wish.yes = entry.yes
    else if (wish && 'no' in entry) wish.no = entry.no
  }
  return [...wishes.values()]
}
