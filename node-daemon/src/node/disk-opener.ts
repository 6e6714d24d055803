import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { TargetParts } from '@aistore-ts/core/node/compose-target.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import { readDiskTitle } from '@aistore-ts/storage-driver/mountpath/disk/disk-title.ts'
import type { MountpathLimits } from '@aistore-ts/storage-driver/mountpath/limits.ts'
import { openMountpath } from '@aistore-ts/storage-driver/mountpath/open-mountpath.ts'

/**
 * How a target opens its disks.
 * @param limits what departs from the limits of every disk
 * @throws AisError `ErrUnsupp` where there is no disk access
 */
export function diskOpener(
  { metadata, platform, log, settings, stats }: NodeContext,
  limits: Partial<MountpathLimits> | undefined,
): TargetParts['openDisk'] {
  const { files, sqlite, sqliteCheckpoint } = platform
  if (files === undefined || sqlite === undefined || sqliteCheckpoint === undefined) {
    throw new AisError(
      'ErrUnsupp',
      `a target cannot run on ${platform.name}: it has no disk access`,
    )
  }
  return async (path, label, keepTombstones) => {
    const title = await readDiskTitle(path, label, files)
    const mountpath = await openMountpath(path, {
      label,
      files,
      sqlite,
      sqliteCheckpoint,
      clock: platform.clock,
      random: platform.random,
      log,
      createHasher: platform.createHasher,
      limits,
      settings: {
        outOfSpacePercent: () => settings.current().space.out_of_space,
        cleanupGraceMs: () => settings.current().space.dont_cleanup_time,
      },
      count: stats.add,
      epoch: () => metadata.smap().version,
      keepTombstones,
    })
    return { mountpath, title }
  }
}
