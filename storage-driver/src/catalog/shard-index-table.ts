import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { bytesOf, decodeHex, encodeHex } from './encoding.ts'

/** Where the files lie inside an archive, as far as somebody had that found out. */
export interface ShardIndexRow {
  /** Of the version of the object that it tells of, 32 hex digits. */
  readonly generation: string
  readonly bytes: Uint8Array
}

/** Indexes of shards, at most one for each object. One may outlive its object, and is then of no use. */
export interface ShardIndexTable {
  find(bid: Uint8Array, name: string): ShardIndexRow | undefined
  store(bid: Uint8Array, name: string, row: ShardIndexRow): void
  remove(bid: Uint8Array, name: string): void
  /** Deletes up to `limit` that tell of no version there is; the number deleted. */
  sweep(limit: number): number
  /** Deletes up to `limit` rows of a bucket; the number deleted. */
  purge(bid: Uint8Array, limit: number): number
}

export function createShardIndexTable(db: SqliteDatabase): ShardIndexTable {
  const find = db.prepare('SELECT generation, bytes FROM shard_index WHERE bid = ? AND name = ?')
  const store = db.prepare(
    'INSERT OR REPLACE INTO shard_index (bid, name, generation, bytes) VALUES (?, ?, ?, ?)',
  )
  const remove = db.prepare('DELETE FROM shard_index WHERE bid = ? AND name = ?')
  const sweep = db.prepare(
    `DELETE FROM shard_index WHERE rowid IN (SELECT kept.rowid FROM shard_index AS kept WHERE NOT EXISTS
       (SELECT 1 FROM object WHERE object.bid = kept.bid AND object.name = kept.name
          AND object.generation = kept.generation) LIMIT ?)`,
  )
  const purge = db.prepare(
    'DELETE FROM shard_index WHERE rowid IN (SELECT rowid FROM shard_index WHERE bid = ? LIMIT ?)',
  )
  const any = db.prepare('SELECT 1 FROM shard_index LIMIT 1')
  /** `false`: there is none, and most catalogs need never be asked. It may be `true` without any. */
  let mayHave = any.get() !== undefined
  return {
    find: (bid, name) => {
      const row = mayHave ? find.get(bid, name) : undefined
      if (row === undefined) return undefined
      return { generation: encodeHex(bytesOf(row, 'generation')), bytes: bytesOf(row, 'bytes') }
    },
    store: (bid, name, { generation, bytes }) => {
      mayHave = true
      store.run(bid, name, decodeHex(generation), bytes)
    },
    remove: (bid, name) => {
      if (mayHave) remove.run(bid, name)
    },
    sweep: (limit) => (mayHave ? Number(sweep.run(limit).changes) : 0),
    purge: (bid, limit) => (mayHave ? Number(purge.run(bid, limit).changes) : 0),
  }
}
