import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'

/** Makes committed transactions safe against power loss without blocking the event loop. */
export interface WalSync {
  /** Resolves when everything committed before the call is on the disk. Callers of one moment share one sync. */
  sync(): Promise<void>
  close(): Promise<void>
}

/**
 * Syncs the write-ahead log at `path` through a descriptor of its own. The first failure is final: every later call
 * fails with it, since a second fsync would report success for pages that were dropped.
 */
export function createWalSync(files: FileSystem, path: string): WalSync {
  const fd = files.openSync(path, 'update')
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  const start = (): Promise<void> => {
    const round = files.fsync(fd)
    running = round
    const clear = () => {
      if (running === round) running = undefined
    }
    round.then(clear, () => {})
    return round
  }

  return {
    sync: () => {
      if (running === undefined) return start()
      next ??= running.then(() => {
        next = undefined
        return start()
      })
      return next
    },
    close: async () => {
      // A failure was reported to those who asked for the sync.
      await Promise.allSettled([running, next])
      files.closeSync(fd)
    },
  }
}
