import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { bytesOf, numberOf, type SqliteRow, textOf } from './encoding.ts'

/** An append in progress: its work file holds `sizeBytes` acknowledged bytes. */
export interface AppendRow {
  readonly bid: Uint8Array
  readonly id: string
  readonly name: string
  /** Path below the bucket's folder. */
  readonly work: string
  readonly sizeBytes: number
}

export interface AppendTable {
  store(row: AppendRow): void
  find(bid: Uint8Array, id: string): AppendRow | undefined
  all(): readonly AppendRow[]
  remove(bid: Uint8Array, id: string): void
  removeBucket(bid: Uint8Array): void
}

export function createAppendTable(db: SqliteDatabase): AppendTable {
  const store = db.prepare(
    'INSERT OR REPLACE INTO append (bid, id, name, work, size) VALUES (?, ?, ?, ?, ?)',
  )
  const find = db.prepare('SELECT * FROM append WHERE bid = ? AND id = ?')
  const all = db.prepare('SELECT * FROM append')
  const remove = db.prepare('DELETE FROM append WHERE bid = ? AND id = ?')
  const removeBucket = db.prepare('DELETE FROM append WHERE bid = ?')
  return {
    store: (row) => {
      store.run(row.bid, row.id, row.name, row.work, row.sizeBytes)
    },
    find: (bid, id) => {
      const row = find.get(bid, id)
      return row === undefined ? undefined : decodeAppend(row)
    },
    all: () => all.all().map(decodeAppend),
    remove: (bid, id) => {
      remove.run(bid, id)
    },
    removeBucket: (bid) => {
      removeBucket.run(bid)
    },
  }
}

function decodeAppend(row: SqliteRow): AppendRow {
  return {
    bid: bytesOf(row, 'bid'),
    id: textOf(row, 'id'),
    name: textOf(row, 'name'),
    work: textOf(row, 'work'),
    sizeBytes: numberOf(row, 'size'),
  }
}
