import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { type AppendTable, createAppendTable } from './append-table.ts'
import { type BlockTable, createBlockTable } from './block-table.ts'
import { type BodyTable, createBodyTable } from './body-table.ts'
import { type BucketTable, createBucketTable } from './bucket-table.ts'
import { createIntentTable, type IntentTable } from './intent-table.ts'
import { migrate } from './migrate.ts'
import { createObjectTable, type ObjectTable } from './object-table.ts'
import { createSettingTable, type SettingTable } from './setting-table.ts'
import { createShardIndexTable, type ShardIndexTable } from './shard-index-table.ts'
import { createTombstoneTable, type TombstoneTable } from './tombstone-table.ts'
import { createUploadTable, type UploadTable } from './upload-table.ts'
import { createWalSync } from './wal-sync.ts'

/** The SQLite catalog of one mountpath. */
export interface Catalog {
  readonly objects: ObjectTable
  readonly tombstones: TombstoneTable
  readonly intents: IntentTable
  readonly bodies: BodyTable
  readonly uploads: UploadTable
  readonly blocks: BlockTable
  readonly shardIndexes: ShardIndexTable
  readonly appends: AppendTable
  readonly buckets: BucketTable
  readonly settings: SettingTable
  /** Runs `change` as one transaction; rolled back when it throws. Safe at `process` when it returns. */
  transaction<T>(change: () => T): T
  /** Resolves when all transactions so far are safe at `disk`. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** SQLite's result codes for a file that is no sound database. */
export const damagedCodes: readonly number[] = [11, 26]

/**
 * Opens the catalog at `path`, creating or upgrading its tables.
 * @param check read every page first; a fault found is reported as SQLite reports one (code 11)
 * @throws AisError `ErrUnsupp` when its schema is newer than this program; SQLite's errors otherwise
 */
export function openCatalog(
  path: string,
  files: FileSystem,
  sqlite: (path: string) => SqliteDatabase,
  check: boolean,
): { readonly catalog: Catalog; readonly created: boolean } {
  const db = sqlite(path)
  try {
    // FULL while tables are made: what migrations write must be there before the first intent.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0')
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY')
    if (check) checkPages(db)
    const created = migrate(db) === 0
    db.exec('PRAGMA synchronous = NORMAL')
    return { catalog: createCatalog(db, files, path), created }
  } catch (error) {
    db.close()
    throw error
  }
}

function checkPages(db: SqliteDatabase): void {
  const result = db.prepare('PRAGMA quick_check(1)').get()?.quick_check
  if (result !== 'ok') {
    throw Object.assign(new Error(`catalog is damaged: ${String(result)}`), { errcode: 11 })
  }
}

function createCatalog(db: SqliteDatabase, files: FileSystem, path: string): Catalog {
  const settings = createSettingTable(db)
  // A first write, so that the log exists before its second descriptor is opened.
  settings.store('state', 'open')
  const wal = createWalSync(files, `${path}-wal`)
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const objects = createObjectTable(db)
  const tombstones = createTombstoneTable(db)
  return {
    objects,
    tombstones,
    intents: createIntentTable(db),
    bodies: createBodyTable(db),
    uploads: createUploadTable(db),
    blocks: createBlockTable(db),
    shardIndexes: createShardIndexTable(db),
    appends: createAppendTable(db),
    buckets: createBucketTable(db),
    settings,
    transaction: (change) => {
      begin.run()
      try {
        const result = change()
        commit.run()
        return result
      } catch (error) {
        rollback(db)
        objects.forget()
        tombstones.forget()
        throw error
      }
    },
    sync: wal.sync,
    close: async () => {
      try {
        await wal.close()
      } finally {
        db.close()
      }
    },
  }
}

/** SQLite has rolled back already after some failures; a second one is refused then. */
function rollback(db: SqliteDatabase): void {
  try {
    db.exec('ROLLBACK')
  } catch {
    // Nothing is open any more, which is what was asked for.
  }
}
