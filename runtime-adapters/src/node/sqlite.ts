import { DatabaseSync } from 'node:sqlite'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'

/**
 * Opens, and creates when absent, the database at `path` (`:memory:` included). One behaviour on Node, Bun and
 * Deno. Foreign keys and quoted strings are left at SQLite's defaults.
 * @throws Error with `errcode`, SQLite's primary or extended result code (5 busy, 13 full, 26 no database)
 */
export function openSqlite(
  path: string,
  options: { readonly readOnly?: boolean } = {},
): SqliteDatabase {
  return new DatabaseSync(path, { readOnly: options.readOnly ?? false })
}
