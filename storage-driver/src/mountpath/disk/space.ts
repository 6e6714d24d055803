import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Clock } from '@aistore-ts/core/ports/clock.ts'
import type { FileSystem, FileSystemStats } from '@aistore-ts/core/ports/file-system.ts'
import type { MountpathLimits } from '../limits.ts'

/** Watches how full the disk is. */
export interface Space {
  /** @throws AisError `ErrCapExceeded` when the disk is over `out_of_space` */
  check(): void
  /** Bytes written since: counted until the disk is asked again. */
  add(sizeBytes: number): void
  /** Asks the disk now. */
  refresh(): Promise<FileSystemStats>
}

export async function createSpace(
  path: string,
  files: Pick<FileSystem, 'statfs' | 'statfsSync'>,
  clock: Clock,
  limits: Pick<MountpathLimits, 'outOfSpacePercent' | 'spaceCheckMs'>,
): Promise<Space> {
  let sizes = sizesOf(await files.statfs(path))
  let askedMs = clock.monotonic()
  let writtenBytes = 0
  let asking: Promise<FileSystemStats> | undefined

  const take = (fresh: FileSystemStats): FileSystemStats => {
    sizes = sizesOf(fresh)
    askedMs = clock.monotonic()
    writtenBytes = 0
    return fresh
  }

  const refresh = (): Promise<FileSystemStats> => {
    asking ??= files
      .statfs(path)
      .then(take)
      .finally(() => {
        asking = undefined
      })
    return asking
  }

  return {
    check: () => {
      if (clock.monotonic() - askedMs >= limits.spaceCheckMs) refresh().catch(() => {})
      if (percentOf(sizes, writtenBytes) < limits.outOfSpacePercent) return
      // Somebody may have made room since the disk was asked: nobody is refused by an old number.
      take(files.statfsSync(path))
      const percent = percentOf(sizes, writtenBytes)
      if (percent >= limits.outOfSpacePercent) {
        throw new AisError(
          'ErrCapExceeded',
          `out of space: used ${percent}% of total capacity on mountpath ${path}`,
        )
      }
    },
    add: (sizeBytes) => {
      writtenBytes += sizeBytes
    },
    refresh,
  }
}

/** Whole percent of what unprivileged users can have, as `df` counts. */
export function usedPercent(stats: FileSystemStats, extraBytes = 0): number {
  return percentOf(sizesOf(stats), extraBytes)
}

/** What is in use, and that with what can be had. */
interface DiskSizes {
  readonly usedBytes: number
  readonly totalBytes: number
}

function sizesOf({ totalBytes, freeBytes, availableBytes }: FileSystemStats): DiskSizes {
  return {
    usedBytes: Number(totalBytes - freeBytes),
    totalBytes: Number(totalBytes - freeBytes + availableBytes),
  }
}

function percentOf({ usedBytes, totalBytes }: DiskSizes, extraBytes: number): number {
  return totalBytes === 0 ? 100 : Math.floor((100 * (usedBytes + extraBytes)) / totalBytes)
}
