import type { Durability, Mountpath } from '../ports/mountpath.ts'
import type { Place, TargetNode } from './target.ts'

/**
 * Removes what every other disk of this target has under the name: `newest` has got what superseded it. No tombstone
 * stays, which would be above the new version. The caller holds the name.
 */
export async function dropOtherCopies(
  target: TargetNode,
  { bucket, name }: Pick<Place, 'bucket' | 'name'>,
  newest: Mountpath,
  durability: Durability,
): Promise<void> {
  for (const mountpath of target.mountpaths()) {
    if (mountpath === newest || mountpath.load(bucket, name) === undefined) continue
    await mountpath.remove(bucket, name, durability, { moved: true })
  }
}
