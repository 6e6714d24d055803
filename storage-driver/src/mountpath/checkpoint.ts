import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { Catalog } from '../catalog/open-catalog.ts'
import { isNoSpace } from './file-error.ts'

interface CheckpointOptions {
  readonly path: string
  readonly catalog: Catalog
  readonly log: Log
}

/**
 * Moves the catalog's log into the database. A full disk only postpones it: the log still holds everything, so reads
 * and deletes go on; it is told in the log.
 * @throws SQLite's errors for anything else
 */
export function checkpoint({ path, catalog, log }: CheckpointOptions): void {
  try {
    catalog.checkpoint()
  } catch (error) {
    if (!isNoSpace(error)) throw error
    log.warn('the disk is full: the catalog log is kept until there is room', {
      path,
      cause: String(error),
    })
  }
}
