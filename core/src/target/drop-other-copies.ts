import type { BucketRef, Durability, Mountpath } from '../ports/mountpath.ts'
import type { Place, TargetNode } from './target.ts'

/**
 * Removes what every other disk of this target has under the name: `newest` has got what superseded it. No tombstone
 * stays, which would be above the new version. The caller holds the name.
 * @returns nothing to wait for when no other disk has it, which is nearly always
 */
export function dropOtherCopies(
  target: TargetNode,
  { bucket, name }: Pick<Place, 'bucket' | 'name'>,
  newest: Mountpath,
  durability: Durability,
): Promise<void> | undefined {
  const others = target
    .mountpaths()
    .filter((mountpath) => mountpath !== newest && mountpath.load(bucket, name) !== undefined)
  return others.length === 0 ? undefined : removeFrom(others, bucket, name, durability)
}

async function removeFrom(
  mountpaths: readonly Mountpath[],
  bucket: BucketRef,
  name: string,
  durability: Durability,
): Promise<void> {
  for (const mountpath of mountpaths) {
    await mountpath.remove(bucket, name, durability, { moved: true })
  }
}
