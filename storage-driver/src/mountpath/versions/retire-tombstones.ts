import type { MountpathContext } from '../context.ts'

/** Forgets tombstones that are no longer needed. */
export interface TombstoneKeeper {
  /** Resolves when the step under way is over. */
  close(): Promise<void>
}

/** Tombstones forgotten per transaction. */
const stepRows = 1_000

/**
 * Looks every `tombstoneCheckMs` for tombstones older than `tombstoneAgeMs`; forgets none while `keepTombstones`: a
 * disk or target that is away may come back with what was deleted meanwhile.
 */
export function startTombstoneKeeper(context: MountpathContext): TombstoneKeeper {
  const { catalog, clock, files, gate, journal, keepTombstones, limits, log, path } = context
  const closing = new AbortController()
  const { signal } = closing

  const retire = async (): Promise<void> => {
    const step = {
      durability: 'process',
      frees: true,
      apply: () =>
        keepTombstones()
          ? 0
          : catalog.tombstones.retire(clock.now() - limits.tombstoneAgeMs, stepRows),
    } as const
    while (!signal.aborted && (await journal.submit(step)) === stepRows) {
      await new Promise<void>((resolve) => files.afterTurn(resolve))
    }
  }

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await clock.sleep(limits.tombstoneCheckMs, signal)
        await retire()
      } catch (error) {
        if (signal.aborted || gate.faulted) return
        log.warn('tombstones could not be forgotten', { mountpath: path, cause: String(error) })
      }
    }
  }

  const running = run()
  return {
    close: async () => {
      closing.abort()
      await running
    },
  }
}
