import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { SqliteCheckpoint } from '@aistore-ts/core/ports/sqlite.ts'
import type { FaultGate } from '../disk/fault-gate.ts'
import { isNoSpace } from '../disk/file-error.ts'
import type { MountpathLimits } from '../limits.ts'
import type { GroupCommit } from './group-commit.ts'

/** Keeps the catalog's log short. */
export interface Checkpointer {
  /** Begins a checkpoint when enough has changed since the last one, and none is under way. */
  wake(): void
  /** Moves all that is in the log now; resolves also when it failed, which the log or the gate was told. */
  run(): Promise<void>
}

interface CheckpointerOptions {
  readonly path: string
  readonly catalogFile: string
  readonly sqliteCheckpoint: SqliteCheckpoint
  readonly log: Log
  readonly gate: FaultGate
  readonly journal: GroupCommit
  readonly limits: Pick<MountpathLimits, 'checkpointChanges'>
}

/**
 * The log starts over only at a moment when all of it has been moved, which under load never comes by itself: so the
 * long first pass goes beside the writers, and a short second one while they wait. A full disk postpones it, since the
 * log still holds everything and reads and deletes can go on; any other failure takes the mountpath out of service.
 */
export function createCheckpointer(options: CheckpointerOptions): Checkpointer {
  const { path, catalogFile, sqliteCheckpoint, log, gate, journal, limits } = options
  let running: Promise<void> | undefined
  let startedAt = 0

  const pass = async (): Promise<void> => void (await sqliteCheckpoint(catalogFile))

  const moveAll = async (): Promise<void> => {
    startedAt = journal.changes
    try {
      await pass()
      if (journal.changes > startedAt) await journal.hold(pass)
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
      await start()
    },
  }
}
