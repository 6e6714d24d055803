import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Catalog } from '../../catalog/open-catalog.ts'
import type { FaultGate } from '../disk/fault-gate.ts'
import { syncWritten } from '../inline/sync-written.ts'
import type { MountpathLimits } from '../limits.ts'
import type { Checkpointer } from './checkpointer.ts'
import type { Directories } from './directories.ts'
import type { GroupCommit } from './group-commit.ts'

/** The last step of every change: its directories are synced, and only then its intent is dropped. */
export interface Settler {
  /** The file operations of intent `seq` are done. `cleanUp` runs in the transaction that drops the intent. */
  add(seq: number, cleanUp?: (() => void) | undefined): void
  /** Settles everything added so far. */
  settle(): Promise<void>
  /** Runs `work` at a moment when no directory is being synced. */
  between(work: () => void): Promise<void>
  /**
   * Takes every directory that was touched so far to the disk, and with them files that were just placed. Nobody else
   * may take the touched ones away: a round would drop the intents that wait for them.
   * @param written the files' paths at the moment of the sync, of which there is one
   * @throws AisError `ErrMountpathFaulted`
   */
  sync(written?: () => readonly string[]): Promise<void>
  close(): Promise<void>
}

/** No files but those of intents. */
const none = (): readonly string[] => []

/** A change whose file operations are done. */
interface Settled {
  readonly seq: number
  readonly cleanUp: (() => void) | undefined
}

interface SettlerOptions {
  readonly path: string
  readonly files: FileSystem
  readonly clock: Clock
  readonly catalog: Catalog
  readonly journal: GroupCommit
  readonly checkpointer: Checkpointer
  readonly gate: FaultGate
  readonly directories: Directories
  readonly limits: MountpathLimits
  readonly crashPoint: (step: string) => void
}

export function createSettler(options: SettlerOptions): Settler {
  const { files, clock, catalog, journal, checkpointer, gate, directories, limits, crashPoint } =
    options
  const closing = new AbortController()
  let waiting: Settled[] = []
  let written: () => readonly string[] = none
  let running: Promise<void> | undefined
  let timed = false

  const run = async (): Promise<void> => {
    const batch = waiting
    const placed = written()
    waiting = []
    written = none
    try {
      await syncWritten(files, options.path, placed, directories.takeTouched())
    } catch (error) {
      gate.raise('files or directories could not be synced', error)
      return
    }
    crashPoint('directories-synced')
    if (batch.length > 0) await dropIntents(batch)
    checkpointer.wake()
  }

  const dropIntents = async (batch: readonly Settled[]): Promise<void> => {
    await journal.submit({
      durability: 'process',
      frees: true,
      apply: () => {
        for (const { cleanUp } of batch) cleanUp?.()
        for (const [from, to] of ranges(batch.map(({ seq }) => seq))) catalog.intents.drop(from, to)
      },
    })
    crashPoint('intents-dropped')
  }

  const start = (): Promise<void> => {
    running ??= run()
      .catch((error: unknown) => {
        gate.raise('changes could not be settled', error)
      })
      .finally(() => {
        running = undefined
        if (waiting.length >= limits.intentBatch) void start()
      })
    return running
  }

  const startLater = (): void => {
    if (timed) return
    timed = true
    clock.sleep(limits.intentDelayMs, closing.signal).then(
      () => {
        timed = false
        if (waiting.length > 0 && !gate.faulted) void start()
      },
      () => {},
    )
  }

  const settle = async (): Promise<void> => {
    // A round that ends may have begun the next one.
    while (running !== undefined || (waiting.length > 0 && !gate.faulted)) {
      await (running ?? start())
    }
  }

  return {
    add: (seq, cleanUp) => {
      waiting.push({ seq, cleanUp })
      if (waiting.length >= limits.intentBatch) void start()
      else startLater()
    },
    settle,
    between: async (work) => {
      while (running !== undefined) await running
      work()
    },
    sync: async (paths = none) => {
      while (running !== undefined) await running
      written = paths
      await start()
      if (gate.faulted) gate.check()
    },
    close: async () => {
      closing.abort()
      await settle()
    },
  }
}

/** Runs of consecutive numbers, each as its first and last. */
function ranges(numbers: readonly number[]): readonly (readonly [from: number, to: number])[] {
  const runs: [number, number][] = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] === number - 1) last[1] = number
    else runs.push([number, number])
  }
  return runs
}
