import { bckCname, objectUname } from '../bucket/bck.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import { AisError } from '../errors/ais-error.ts'
import { withoutLock } from '../s3/lock/object-lock.ts'
import { durabilityOf } from './durability.ts'
import { putContent } from './put-content.ts'
import {
  findObject,
  loadObject,
  type Place,
  placeObject,
  type TargetBucket,
  type TargetNode,
} from './target.ts'
import { isVersioned } from './version-rows.ts'
import { addMarker } from './versions.ts'
import { writeOwned } from './write-owned.ts'

/**
 * Copies an object of this target to `name` in `bucket`, wherever that is owned; resolves when the copy is acknowledged.
 * @throws AisError `ErrNotFound`
 */
export async function copyObject(
  target: TargetNode,
  from: Place,
  bucket: TargetBucket,
  name: string,
): Promise<void> {
  const { mountpath, meta } = loadObject(target, from)
  if (from.uname === objectUname(bucket.bck, name)) return
  const open = await mountpath.open(from.bucket, meta.name)
  const { sizeBytes, checksum, custom } = open.meta
  const content = { sizeBytes, checksum, custom: withoutLock(custom), read: () => open.read() }
  try {
    await putContent(target, bucket, name, content)
  } finally {
    open.close()
  }
}

/**
 * Renames within the bucket. The new name appears before the old one goes, so a crash leaves one or both, never none.
 * @throws AisError `ErrNotFound`, `ErrBadRequest` when both names are the same
 */
export async function renameObject(target: TargetNode, from: Place, name: string): Promise<void> {
  if (from.name === name) {
    throw new AisError(
      'ErrBadRequest',
      `cannot rename ${bckCname(from.bucket.bck)}/${name} to itself`,
    )
  }
  const durability = durabilityOf(target, from.bucket.props)
  const { mountpath } = loadObject(target, from)
  const to = placeObject(target, from.bucket, name)
  const owner = hrwTarget(target.metadata.smap(), to.uname)
  const local = owner.daemonId === target.self().daemonId
  if (local && to.mountpath === mountpath && !isVersioned(from)) {
    // Always the lesser name first: two opposite renames must not wait for each other.
    const [first, second] = from.uname < to.uname ? [from, to] : [to, from]
    await writeOwned(target, first, () =>
      writeOwned(target, second, () => mountpath.rename(from.bucket, from.name, name, durability)),
    )
  } else {
    const before = findObject(target, from)?.meta.generation
    await copyObject(target, from, from.bucket, name)
    await writeOwned(target, from, async () => {
      const now = findObject(target, from)
      if (now === undefined || now.meta.generation !== before) return
      if (isVersioned(from)) await addMarker(target, from)
      else await now.mountpath.remove(from.bucket, from.name, durability)
    })
  }
  target.stats.add('ren.n')
}
