import { globalNamespace } from '@aistore-ts/core/bucket/bck.ts'
import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import type { MountpathLimits } from '@aistore-ts/storage-driver/mountpath/limits.ts'
import { openMountpath } from '@aistore-ts/storage-driver/mountpath/open-mountpath.ts'

/** The bucket of loads that ask a mountpath itself. */
export const bareBucket: BucketRef = {
  bck: { name: 'grown', provider: 'ais', namespace: globalNamespace },
  bid: 1n,
}

/** Opens the mountpath at `path` without a node around it, and without a scrub. */
export function openBareMountpath(
  { files, sqlite, sqliteCheckpoint, clock, random, createHasher }: Platform,
  path: string,
  limits: Partial<MountpathLimits> = {},
): Promise<Mountpath> {
  if (files === undefined || sqlite === undefined || sqliteCheckpoint === undefined) {
    throw new Error('no disk access')
  }
  const silent = () => {}
  return openMountpath(path, {
    files,
    sqlite,
    sqliteCheckpoint,
    clock,
    random,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    createHasher,
    limits: { scrubBytesPerSecond: 0, ...limits },
  })
}
