/**
 * Names whose row is committed and whose file is not in place yet, since the log is being synced. A reader of such a
 * name waits: row and file would not agree.
 */
export interface Installing {
  add(bid: bigint, name: string, done: Promise<unknown>): void
  /** Resolves when the name can be opened; `undefined` when it can be now. */
  find(bid: bigint, name: string): Promise<void> | undefined
}

export function createInstalling(): Installing {
  const pending = new Map<string, Promise<void>>()
  return {
    add: (bid, name, done) => {
      const key = `${bid}/${name}`
      const settled = done.then(
        () => {},
        () => {},
      )
      const entry = settled.then(() => {
        if (pending.get(key) === entry) pending.delete(key)
      })
      pending.set(key, entry)
    },
    find: (bid, name) => (pending.size === 0 ? undefined : pending.get(`${bid}/${name}`)),
  }
}
