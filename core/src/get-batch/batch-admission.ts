import { AisError } from '../errors/ais-error.ts'
import type { Platform } from '../ports/platform.ts'

/** Batches that a designated target puts together at the same time. @see AIStore xact/xs/moss.go */
const batchesMax = 256
/** Share of the machine's memory that must be available. */
const availableShareMin = 0.02

/** Bounds what a target takes on as the designated one. */
export interface BatchAdmission {
  /** @returns to be called once, when the batch is over. @throws AisError `ErrTooManyRequests` */
  admit(): () => void
}

export function createBatchAdmission(platform: Pick<Platform, 'systemInfo'>): BatchAdmission {
  let running = 0
  return {
    admit() {
      if (running >= batchesMax) {
        throw new AisError(
          'ErrTooManyRequests',
          `get-batch: ${running} batches are being put together`,
        )
      }
      const { memAvailableBytes, memTotalBytes } = platform.systemInfo()
      if (memAvailableBytes < memTotalBytes * availableShareMin) {
        throw new AisError('ErrTooManyRequests', 'get-batch: memory is short')
      }
      running += 1
      let isOver = false
      return () => {
        if (!isOver) running -= 1
        isOver = true
      }
    },
  }
}
