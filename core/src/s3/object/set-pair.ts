import { durabilityOf } from '../../target/durability.ts'
import type { Place, TargetNode } from '../../target/target.ts'
import { writeOwned } from '../../target/write-owned.ts'
import type { S3Call } from '../s3-call.ts'
import { loadS3Object, noSuchKey } from './read-s3-object.ts'

/**
 * Replaces one pair of an object's metadata, its tags or its ACL; nothing else of it changes.
 * @param text as it is stored; empty for none
 * @throws S3Error as `loadS3Object`
 */
export async function setPair(
  target: TargetNode,
  place: Place,
  s3: S3Call,
  key: string,
  text: string,
): Promise<void> {
  const durability = durabilityOf(target, place.bucket.props)
  await writeOwned(target, place, async () => {
    const { mountpath, meta } = loadS3Object(target, place, s3)
    const rest = meta.custom.filter(([own]) => own !== key)
    const custom = text === '' ? rest : [...rest, [key, text] as const]
    const updated = await mountpath.update(place.bucket, meta.name, { custom }, durability)
    if (updated === undefined) throw noSuchKey(s3.key)
  })
}
