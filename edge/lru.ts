/** Keeps what was used last, up to a total size in whatever unit `sizeOf` measures; what is larger than all of that is not kept. */
export function createLru<T>({ capacity, sizeOf }: { capacity: number; sizeOf: (value: T) => number }) {
  const values = new Map<string, T>()
  let total = 0

  function remove(key: string): void {
    const value = values.get(key)
    if (value === undefined) return
    values.delete(key)
    total -= sizeOf(value)
  }

  return {
    get(key: string): T | undefined {
      const value = values.get(key)
      if (value === undefined) return undefined
      values.delete(key)
      values.set(key, value)
      return value
    },
    set(key: string, value: T): void {
      remove(key)
      const size = sizeOf(value)
      if (size > capacity) return
      values.set(key, value)
      total += size
      for (const oldest of values.keys()) {
        if (total <= capacity) break
        remove(oldest)
      }
    },
    delete: remove,
  }
}
