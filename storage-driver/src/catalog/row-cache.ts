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

/** By bucket, then by name: a name is hashed as it is, not as a part of a longer text that is made for each call. */
type Rows = Map<string, Map<string, ObjectRow | null>>

/**
 * Keeps at most `rowsMax` rows in two halves: when the younger is full the elder is forgotten, and the younger takes
 * its place. A row that is asked for again moves to the younger.
 */
export function createRowCache(rowsMax = cachedRowsMax): RowCache {
  let young: Rows = new Map()
  let old: Rows = new Map()
  let youngRows = 0
  let lastBid: Uint8Array | undefined
  let lastKey = ''

  const keyOf = (bid: Uint8Array): string => {
    if (bid === lastBid) return lastKey
    lastBid = bid
    lastKey = String.fromCharCode(...bid)
    return lastKey
  }

  const keep = (key: string, name: string, row: ObjectRow | null): void => {
    let names = young.get(key)
    if (names === undefined) {
      names = new Map()
      young.set(key, names)
    }
    if (!names.has(name)) youngRows++
    names.set(name, row)
    if (youngRows < rowsMax / 2) return
    old = young
    young = new Map()
    youngRows = 0
  }

  return {
    find: (bid, name) => {
      const key = keyOf(bid)
      const found = young.get(key)?.get(name)
      if (found !== undefined) return found
      const elder = old.get(key)?.get(name)
      if (elder !== undefined) keep(key, name, elder)
      return elder
    },
    keep: (bid, name, row) => {
      const key = keyOf(bid)
      old.get(key)?.delete(name)
      keep(key, name, row)
    },
    drop: (bid, name) => {
      const key = keyOf(bid)
      if (young.get(key)?.delete(name)) youngRows--
      old.get(key)?.delete(name)
    },
    clear: () => {
      young = new Map()
      old = new Map()
      youngRows = 0
    },
  }
}
