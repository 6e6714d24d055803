import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Catalog } from '../catalog/open-catalog.ts'
import type { Checkpointer } from './checkpointer.ts'
import type { Directories } from './directories.ts'
import type { FaultGate } from './fault-gate.ts'
import type { GroupCommit } from './group-commit.ts'
import type { MountpathLimits } from './limits.ts'
import { syncDirectories } from './sync-directories.ts'

/** The last step of every change: its directories are synced, and only then its intent is dropped. */
export interface Settler {
  /** The file operations of intent `seq` are done. `cleanUp` runs in the transaction that drops the intent. */
  add(seq: number, cleanUp?: (() => void) | undefined): void
  /** Settles everything added so far. */
  settle(): Promise<void>
  /** Runs `work` at a moment when no directory is being synced. */
  between(work: () => void): Promise<void>
  close(): Promise<void>
}

interface SettlerOptions {
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
  let waiting: { seq: number; cleanUp: (() => void) | undefined }[] = []
  let running: Promise<void> | undefined
  let timed = false

  const run = async (): Promise<void> => {
    const batch = waiting
    waiting = []
    try {
      await syncDirectories(files, directories.takeTouched())
    } catch (error) {
      gate.raise('a directory could not be synced', error)
      return
    }
    crashPoint('directories-synced')
    await journal.submit({
      durability: 'process',
      frees: true,
      apply: () => {
        for (const { cleanUp } of batch) cleanUp?.()
        for (const [from, to] of ranges(batch.map(({ seq }) => seq))) catalog.intents.drop(from, to)
      },
    })
    crashPoint('intents-dropped')
    checkpointer.wake()
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
