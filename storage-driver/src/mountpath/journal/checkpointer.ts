import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { SqliteCheckpoint } from '@aistore-ts/core/ports/sqlite.ts'
import type { Catalog } from '../../catalog/open-catalog.ts'
import type { FaultGate } from '../disk/fault-gate.ts'
import { isNoSpace } from '../disk/file-error.ts'
import type { MountpathLimits } from '../limits.ts'
import type { GroupCommit } from './group-commit.ts'

/** Keeps the catalog's log short. */
export interface Checkpointer {
  /** Begins a checkpoint when enough has changed since the last one, and none is under way. */
  wake(): void
  /**
   * Moves all that is in the log now, or syncs it where it is short; resolves also when that failed, which the log or
   * the gate was told.
   */
  run(): Promise<void>
}

interface CheckpointerOptions {
  readonly path: string
  readonly catalogFile: string
  readonly files: Pick<FileSystem, 'lstatSync'>
  readonly catalog: Pick<Catalog, 'sync'>
  readonly sqliteCheckpoint: SqliteCheckpoint
  readonly log: Log
  readonly gate: FaultGate
  readonly journal: GroupCommit
  readonly limits: Pick<MountpathLimits, 'checkpointChanges' | 'shortLogBytesMax'>
}

/**
 * The log starts over only at a moment when all of it has been moved, which under load never comes by itself: so the
 * long first pass goes beside the writers, and a short second one while they wait. A full disk postpones it, since the
 * log still holds everything and reads and deletes can go on; any other failure takes the mountpath out of service.
 */
export function createCheckpointer(options: CheckpointerOptions): Checkpointer {
  const { path, files, catalog, catalogFile, sqliteCheckpoint, log, gate, journal, limits } =
    options
  let running: Promise<void> | undefined
  let startedAt = 0

  const pass = async (): Promise<void> => void (await sqliteCheckpoint(catalogFile))

  const isShort = (): boolean =>
    (files.lstatSync(`${catalogFile}-wal`)?.sizeBytes ?? 0) <= limits.shortLogBytesMax

  const moveAll = async (): Promise<void> => {
    startedAt = journal.changes
    await report(async () => {
      await pass()
      if (journal.changes > startedAt) await journal.hold(pass)
    })
  }

  const report = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!isNoSpace(error)) gate.raise('the catalog log could not be moved', error)
      else {
        log.warn('the disk is full: the catalog log is kept until there is room', {
          path,
          cause: String(error),
        })
      }
    }
  }

  const start = (): Promise<void> => {
    running ??= moveAll().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    wake: () => {
      if (journal.changes - startedAt >= limits.checkpointChanges) void start()
    },
    run: async () => {
      await running
      await (isShort() ? report(catalog.sync) : start())
    },
  }
}
