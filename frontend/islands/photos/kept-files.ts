/** A file that was picked for a post and has not arrived yet. */
export type Kept = { key: string; postId: string; id: string | null; file: File; at: number }

const lifetime = 3 * 24 * 3_600_000

/**
 * Keeps picked files on this device until they have arrived, so that a closed tab or a lost connection loses none. Every
 * function is a comfort: where storage is full or forbidden, nothing is kept and nothing fails.
 */
export function keepFile(kept: Kept): Promise<unknown> {
  return quietly('readwrite', store => store.put(kept))
}

export function forgetFile(key: string): Promise<unknown> {
  return quietly('readwrite', store => store.delete(key))
}

/** The files of a post that are still to be sent, as they were picked; forgets what nobody sent in three days. */
export async function keptFiles(postId: string): Promise<Kept[]> {
  const all = (await quietly('readonly', store => store.getAll() as IDBRequest<Kept[]>)) ?? []
  const old = all.filter(({ at }) => at < Date.now() - lifetime)
  for (const { key } of old) void forgetFile(key)
  return all.filter(kept => kept.postId === postId && !old.includes(kept)).sort((a, b) => a.at - b.at)
}

let opened: Promise<IDBDatabase> | undefined

async function quietly<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    opened ??= open()
    const database = await opened
    return await settled(act(database.transaction('files', mode).objectStore('files')))
  } catch {
    return undefined
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('photos', 1)
  request.onupgradeneeded = () => request.result.createObjectStore('files', { keyPath: 'key' })
  return settled(request)
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
