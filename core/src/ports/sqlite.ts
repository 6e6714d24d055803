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
