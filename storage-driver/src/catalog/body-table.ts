import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { bytesOf, numberOf, textOf } from './encoding.ts'

/** The content of an object that has no file yet. It is the intent of that file: there until the file is on the disk. */
export interface BodyRow {
  /** From the same numbers as intents. */
  readonly seq: number
  readonly bid: Uint8Array
  readonly name: string
  /** The row of what lies on the disk under the name meanwhile, as `encodeSuperseded` wrote it. */
  readonly superseded: string | null
  readonly bytes: Uint8Array
}

/** Bodies that rows of `object` name by their number: each is the content of one row, or of none. */
export interface BodyTable {
  add(body: BodyRow): void
  /** 0 names no body. */
  drop(seq: number): void
  dropBucket(bid: Uint8Array): void
  /** Oldest first. */
  all(): readonly BodyRow[]
  /** The greatest `seq`, 0 when there is none. */
  last(): number
}

export function createBodyTable(db: SqliteDatabase): BodyTable {
  const add = db.prepare(
    'INSERT INTO inline_body (seq, bid, name, superseded, bytes) VALUES (?, ?, ?, ?, ?)',
  )
  const drop = db.prepare('DELETE FROM inline_body WHERE seq = ?')
  const dropBucket = db.prepare('DELETE FROM inline_body WHERE bid = ?')
  const all = db.prepare('SELECT * FROM inline_body ORDER BY seq')
  const last = db.prepare('SELECT coalesce(max(seq), 0) AS last FROM inline_body')
  return {
    add: (body) => {
      add.run(body.seq, body.bid, body.name, body.superseded, body.bytes)
    },
    drop: (seq) => {
      if (seq !== 0) drop.run(seq)
    },
    dropBucket: (bid) => {
      dropBucket.run(bid)
    },
    all: () =>
      all.all().map((row) => ({
        seq: numberOf(row, 'seq'),
        bid: bytesOf(row, 'bid'),
        name: textOf(row, 'name'),
        superseded: row.superseded === null ? null : textOf(row, 'superseded'),
        bytes: bytesOf(row, 'bytes'),
      })),
    last: () => numberOf(last.get() ?? { last: 0 }, 'last'),
  }
}
