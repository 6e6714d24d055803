import type { Tombstone } from '@aistore-ts/core/ports/mountpath.ts'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { bytesOf, decodeHex, encodeHex, textOf } from './encoding.ts'

/**
 * Deleted names of one mountpath. One that a newer version superseded may still be here: it goes when that version is
 * settled, since a version that a crash takes back must not take the delete back as well.
 */
export interface TombstoneTable {
  /** Its generation, 32 hex digits. */
  find(bid: Uint8Array, name: string): string | undefined
  /** @param atMs when it was made, Unix ms */
  store(bid: Uint8Array, name: string, generation: string, atMs: number): void
  /** Removes it unless it is another one by now. */
  remove(bid: Uint8Array, name: string, generation: string): void
  /** At most `limit` in UTF-8 byte order, after `after`, without those that a newer row superseded. */
  list(bid: Uint8Array, after: string, limit: number): readonly Tombstone[]
  /** Forgets at most `limit` of those made before `atMs`, the oldest first; the number forgotten. */
  retire(atMs: number, limit: number): number
  /** Deletes up to `limit` rows of a bucket; the number deleted. */
  purge(bid: Uint8Array, limit: number): number
  /** A transaction was rolled back: what it retired is there again. */
  forget(): void
}

export function createTombstoneTable(db: SqliteDatabase): TombstoneTable {
  const find = db.prepare('SELECT generation FROM tombstone WHERE bid = ? AND name = ?')
  const store = db.prepare(
    'INSERT OR REPLACE INTO tombstone (bid, name, generation, at) VALUES (?, ?, ?, ?)',
  )
  const remove = db.prepare('DELETE FROM tombstone WHERE bid = ? AND name = ? AND generation = ?')
  const list = db.prepare(
    `SELECT name, generation FROM tombstone AS dead WHERE bid = ? AND name > ? AND NOT EXISTS
       (SELECT 1 FROM object WHERE object.bid = dead.bid AND object.name = dead.name
          AND object.generation >= dead.generation)
     ORDER BY name LIMIT ?`,
  )
  const retire = db.prepare(
    'DELETE FROM tombstone WHERE (bid, name) IN' +
      ' (SELECT bid, name FROM tombstone WHERE at < ? ORDER BY at LIMIT ?)',
  )
  const purge = db.prepare(
    'DELETE FROM tombstone WHERE bid = ?1 AND name IN' +
      ' (SELECT name FROM tombstone WHERE bid = ?1 LIMIT ?2)',
  )
  const any = db.prepare('SELECT 1 FROM tombstone LIMIT 1')
  /** `false`: no name has one, and `find` need not ask. It may be `true` without any. */
  let mayHave = any.get() !== undefined
  return {
    find: (bid, name) => {
      if (!mayHave) return undefined
      const row = find.get(bid, name)
      return row === undefined ? undefined : encodeHex(bytesOf(row, 'generation'))
    },
    store: (bid, name, generation, atMs) => {
      mayHave = true
      store.run(bid, name, decodeHex(generation), Math.trunc(atMs))
    },
    remove: (bid, name, generation) => {
      remove.run(bid, name, decodeHex(generation))
    },
    list: (bid, after, limit) =>
      list.all(bid, after, limit).map((row) => {
        return { name: textOf(row, 'name'), generation: encodeHex(bytesOf(row, 'generation')) }
      }),
    retire: (atMs, limit) => {
      const { changes } = retire.run(Math.trunc(atMs), limit)
      mayHave = any.get() !== undefined
      return Number(changes)
    },
    purge: (bid, limit) => Number(purge.run(bid, limit).changes),
    forget: () => {
      mayHave = true
    },
  }
}
