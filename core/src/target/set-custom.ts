import { checkCustomMd } from '../object/custom-md.ts'
import { isLockKey } from '../s3/lock/object-lock.ts'
import { durabilityOf } from './durability.ts'
import { loadObject, objectNotFound, type Place, type TargetNode } from './target.ts'
import { writeOwned } from './write-owned.ts'

/**
 * Merges `pairs` into the object's custom metadata, or replaces it; the content is not touched.
 * @throws AisError `ErrNotFound`, `ErrBadRequest` when the result is over its limit
 */
export async function setCustom(
  target: TargetNode,
  place: Place,
  pairs: readonly (readonly [key: string, value: string])[],
  replace: boolean,
): Promise<void> {
  const durability = durabilityOf(target, place.bucket.props)
  await writeOwned(target, place, async () => {
    const { mountpath, meta } = loadObject(target, place)
    // A lock stays, whatever is said of the rest.
    const merged = new Map(meta.custom.filter(([key]) => !replace || isLockKey(key)))
    for (const [key, value] of pairs) merged.set(key, value)
    const custom = [...merged]
    checkCustomMd(custom)
    const updated = await mountpath.update(place.bucket, meta.name, { custom }, durability)
    if (updated === undefined) throw objectNotFound(target, place.bucket.bck, place.name)
  })
}
