import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { sqliteErrorCode } from './file-error.ts'

const sqliteBusy = 5

/**
 * Takes the one lock of a mountpath: an exclusive transaction on a database of its own. The kernel lets go of it with
 * the process, however that ends, and SQLite refuses it a second time within one process too.
 * @returns what releases it
 * @throws AisError `ErrBusy` when someone has it
 */
export function lockMountpath(
  path: string,
  lockFile: string,
  sqlite: (path: string) => SqliteDatabase,
): () => void {
  const db = sqlite(lockFile)
  try {
    db.exec('PRAGMA busy_timeout = 0')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (sqliteErrorCode(error) !== sqliteBusy) throw error
    throw new AisError('ErrBusy', `mountpath ${path} is in use by another process`, {
      cause: error,
    })
  }
  return () => db.close()
}
