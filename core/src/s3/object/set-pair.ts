import { durabilityOf } from '../../target/durability.ts'
import type { Place, TargetNode } from '../../target/target.ts'
import { writeOwned } from '../../target/write-owned.ts'
import type { S3Call } from '../s3-call.ts'
import { loadS3Object, noSuchKey } from './read-s3-object.ts'
import type { Pairs } from './stored-metadata.ts'

/**
 * Changes what an object keeps beside its content; `change` sees what is there while no other writer is at work, and what it
 * throws keeps that.
 * @throws S3Error `NoSuchKey`; AisError `ErrNotReady`
 */
export async function changePairs(
  target: TargetNode,
  place: Place,
  s3: S3Call,
  change: (custom: Pairs) => Pairs,
): Promise<void> {
  const durability = durabilityOf(target, place.bucket.props)
  await writeOwned(target, place, async () => {
    const { mountpath, meta } = loadS3Object(target, place, s3)
    const custom = change(meta.custom)
    const updated = await mountpath.update(place.bucket, meta.name, { custom }, durability)
    if (updated === undefined) throw noSuchKey(s3.key)
  })
}

/**
 * Replaces one pair of an object's metadata, its tags or its ACL; nothing else of it changes.
 * @param text as it is stored; empty for none
 * @throws S3Error as `loadS3Object`
 */
export function setPair(
  target: TargetNode,
  place: Place,
  s3: S3Call,
  key: string,
  text: string,
): Promise<void> {
  return changePairs(target, place, s3, (custom) => {
    const rest = custom.filter(([own]) => own !== key)
    return text === '' ? rest : [...rest, [key, text] as const]
  })
}
