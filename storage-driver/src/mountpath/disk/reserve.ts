import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import { isNoSpace } from './file-error.ts'

/** A file whose blocks are given up when the disk is full, so that the catalog can still record deletes. */
export interface Reserve {
  /** `false` when it is gone already. */
  release(): boolean
  /** Makes it again when there is room. */
  restore(): void
}

const blockBytes = 64 * 1024

export function createReserve(
  files: FileSystem,
  log: Log,
  path: string,
  sizeBytes: number,
): Reserve {
  let held = false

  const restore = (): void => {
    if (held || sizeBytes === 0) return
    if (files.lstatSync(path)?.sizeBytes === sizeBytes) {
      held = true
      return
    }
    files.unlinkSync(path)
    const fd = files.openSync(path, 'create')
    try {
      // Not zeros: some file systems keep no blocks for them.
      const block = new Uint8Array(blockBytes).fill(0xa5)
      for (let at = 0; at < sizeBytes; at += blockBytes) {
        files.writeSync(fd, block.subarray(0, Math.min(blockBytes, sizeBytes - at)), at)
      }
      held = true
    } catch (error) {
      if (!isNoSpace(error)) throw error
      files.unlinkSync(path)
    } finally {
      files.closeSync(fd)
    }
  }

  return {
    release: () => {
      if (!held) return false
      held = false
      log.warn('the disk is full: the reserve of the catalog is given up', { path })
      return files.unlinkSync(path)
    },
    restore,
  }
}
