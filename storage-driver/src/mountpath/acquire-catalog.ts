import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { type Catalog, damagedCodes, openCatalog } from '../catalog/open-catalog.ts'
import { sqliteErrorCode } from './disk/file-error.ts'
import { parentOf } from './journal/directories.ts'
import { syncDirectories } from './journal/sync-directories.ts'
import type { MountpathLimits } from './limits.ts'

interface AcquireOptions {
  readonly files: FileSystem
  readonly sqlite: (path: string) => SqliteDatabase
  readonly log: Log
  readonly limits: MountpathLimits
  /** Distinguishes damaged catalogs that are kept aside. */
  readonly stamp: string
}

/**
 * Opens the catalog at `file`. A damaged one is kept aside as `<file>.damaged-<stamp>` and replaced by an empty one,
 * which says that it must be rebuilt from the files.
 * @throws AisError `ErrUnsupp` when its schema is newer than this program
 */
export async function acquireCatalog(file: string, options: AcquireOptions): Promise<Catalog> {
  const { files, sqlite, log, limits, stamp } = options
  const found = files.lstatSync(file)
  const check =
    found !== undefined &&
    found.sizeBytes <= limits.catalogCheckBytesMax &&
    !closedOrderly(file, sqlite)
  let opened: { readonly catalog: Catalog; readonly created: boolean }
  try {
    opened = openCatalog(file, files, sqlite, check)
  } catch (error) {
    if (!damagedCodes.includes(sqliteErrorCode(error))) throw error
    log.error('the catalog is damaged: it is kept aside and rebuilt from the files', {
      file,
      cause: String(error),
    })
    for (const suffix of ['', '-wal', '-shm']) {
      if (files.lstatSync(`${file}${suffix}`) === undefined) continue
      files.renameSync(`${file}${suffix}`, `${file}.damaged-${stamp}${suffix}`)
    }
    opened = openCatalog(file, files, sqlite, false)
  }
  if (opened.created) {
    opened.catalog.settings.store('rebuild', 'yes')
    await syncDirectories(files, [parentOf(file)])
    await opened.catalog.sync()
  }
  return opened.catalog
}

/** The last process said good-bye; anything unexpected counts as not. */
function closedOrderly(file: string, sqlite: (path: string) => SqliteDatabase): boolean {
  let db: SqliteDatabase | undefined
  try {
    db = sqlite(file)
    return db.prepare("SELECT value FROM setting WHERE key = 'state'").get()?.value === 'closed'
  } catch {
    return false
  } finally {
    db?.close()
  }
}
