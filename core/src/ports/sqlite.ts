/** Values SQLite takes and gives. 64-bit unsigned integers travel as 8-byte BLOBs. */
export type SqliteValue = null | number | bigint | string | Uint8Array

/** A prepared statement of `node:sqlite`, narrowed to what the catalog uses. */
export interface SqliteStatement {
  run(...params: SqliteValue[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  get(...params: SqliteValue[]): Record<string, SqliteValue> | undefined
  all(...params: SqliteValue[]): Record<string, SqliteValue>[]
}

/** One open database: synchronous, single connection. */
export interface SqliteDatabase {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

/** What a checkpoint did, in pages of the log. */
export interface CheckpointReport {
  /** Pages in the log when it ended. */
  readonly logPages: number
  /** Those of them that are in the database now. */
  readonly movedPages: number
}

/**
 * Moves the log of the database at `path` into it as far as it can without stopping anybody, and syncs both, on a
 * thread and a connection of its own. Others may read and write meanwhile.
 * @throws Error with `errcode`, as `SqliteDatabase`
 * @see SQLite `wal_checkpoint(PASSIVE)`
 */
export type SqliteCheckpoint = (path: string) => Promise<CheckpointReport>
