import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { bytesOf } from './encoding.ts'

/** Block checksums of files, each list under a number that a row of `object` or `part` names. */
export interface BlockTable {
  /** Keeps a list; its number, from 1 on and never given twice. */
  add(bid: Uint8Array, sums: Uint8Array): number
  /** `undefined` when there is none of that number. */
  load(id: number): Uint8Array | undefined
  /** 0 names no list. */
  remove(id: number): void
  /** Deletes up to `limit` lists of a bucket; the number deleted. */
  purge(bid: Uint8Array, limit: number): number
}

export function createBlockTable(db: SqliteDatabase): BlockTable {
  const add = db.prepare('INSERT INTO block_sum (bid, sums) VALUES (?, ?)')
  const load = db.prepare('SELECT sums FROM block_sum WHERE id = ?')
  const remove = db.prepare('DELETE FROM block_sum WHERE id = ?')
  const purge = db.prepare(
    'DELETE FROM block_sum WHERE id IN (SELECT id FROM block_sum WHERE bid = ? LIMIT ?)',
  )
  return {
    add: (bid, sums) => Number(add.run(bid, sums).lastInsertRowid),
    load: (id) => {
      const row = id === 0 ? undefined : load.get(id)
      return row === undefined ? undefined : bytesOf(row, 'sums')
    },
    remove: (id) => {
      if (id !== 0) remove.run(id)
    },
    purge: (bid, limit) => Number(purge.run(bid, limit).changes),
  }
}
