import type { BucketRef, Mountpath, Stamp } from '../../ports/mountpath.ts'

/** What is known of a name, and where. */
export interface StampAt extends Stamp {
  readonly mountpath: Mountpath
}

/** The newest that any of `mountpaths` knows of a name; of equal ones the first. */
export function newestStampOn(
  mountpaths: Iterable<Mountpath>,
  bucket: BucketRef,
  name: string,
): StampAt | undefined {
  let newest: StampAt | undefined
  for (const mountpath of mountpaths) {
    const stamp = mountpath.stamp(bucket, name)
    if (stamp === undefined) continue
    if (newest === undefined || stamp.generation > newest.generation) {
      newest = { ...stamp, mountpath }
    }
  }
  return newest
}
