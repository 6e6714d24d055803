import type { ObjectRow } from './object-row.ts'

/** Rows kept of one catalog, absent ones included: about 5 MB. */
export const cachedRowsMax = 8_192

/**
 * Rows as the catalog has them now, so that a hot object costs no query. Exact because the process that owns a
 * mountpath is the only one that writes its catalog, and every write passes the table that owns this.
 */
export interface RowCache {
  /** `null`: known to be absent. `undefined`: not known here. */
  find(bid: Uint8Array, name: string): ObjectRow | null | undefined
  keep(bid: Uint8Array, name: string, row: ObjectRow | null): void
  drop(bid: Uint8Array, name: string): void
  clear(): void
}

/** Keeps at most `rowsMax` rows; the one that came first goes first. */
export function createRowCache(rowsMax = cachedRowsMax): RowCache {
  const rows = new Map<string, ObjectRow | null>()
  return {
    find: (bid, name) => rows.get(keyOf(bid, name)),
    keep: (bid, name, row) => {
      const key = keyOf(bid, name)
      rows.set(key, row)
      if (rows.size <= rowsMax) return
      const first = rows.keys().next()
      if (!first.done) rows.delete(first.value)
    },
    drop: (bid, name) => {
      rows.delete(keyOf(bid, name))
    },
    clear: () => rows.clear(),
  }
}

/** The bucket's 8 bytes as characters, then the name: of fixed length, so no two pairs share a key. */
function keyOf(bid: Uint8Array, name: string): string {
  return (
    String.fromCharCode(bid[0] ?? 0, bid[1] ?? 0, bid[2] ?? 0, bid[3] ?? 0) +
    String.fromCharCode(bid[4] ?? 0, bid[5] ?? 0, bid[6] ?? 0, bid[7] ?? 0) +
    name
  )
}
