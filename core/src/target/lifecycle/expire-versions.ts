import { AisError, isAisError } from '../../errors/ais-error.ts'
import { isMarker, versionIdOf } from '../../object/version-name.ts'
import { expiredVersions } from '../../s3/lifecycle/expired-versions.ts'
import { removeVersion } from '../remove-object.ts'
import type { Place, TargetNode } from '../target.ts'
import { allVersions, newestVersion } from '../version-rows.ts'
import type { Aged } from './expire-bucket.ts'

/** Removes the versions and markers of a key that are due; how many. The oldest go first. */
export async function expireVersions(
  target: TargetNode,
  { rules, daySeconds, stopped }: Aged,
  place: Place,
): Promise<number> {
  const isNewest = (name: string) => newestVersion(target.mountpaths(), place)?.name === name
  const versions = allVersions(target.mountpaths(), place).flatMap((version) => {
    const meta = version.mountpath.load(place.bucket, version.name)
    return meta === undefined ? [] : [{ ...version, isMarker: isMarker(version), meta }]
  })
  let gone = 0
  const due = expiredVersions(rules, versions, daySeconds, target.platform.clock.now())
  for (const version of due.toReversed()) {
    if (stopped()) break
    // Only a marker that nothing is behind may be the newest.
    const wasNewest = version === versions[0]
    try {
      await removeVersion(target, place, versionIdOf(version), () => {
        if (isNewest(version.name) === wasNewest) return
        throw new AisError('ErrPreempted', 'other versions came or went')
      })
      gone += 1
    } catch (error) {
      // The next pass judges anew.
      if (!isAisError(error)) throw error
    }
  }
  return gone
}
