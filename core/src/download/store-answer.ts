import type { CustomMd } from '../object/custom-md.ts'
import type { Answer } from '../ports/call.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'
import { durabilityOf } from '../target/durability.ts'
import type { Place, TargetNode } from '../target/target.ts'
import { commitObject, hashBody } from '../target/write-object.ts'

/**
 * Makes the body of an answer an object's content: all of it, or nothing.
 * @param onBytes called for each chunk before it is written; its promise holds the source back
 * @throws AisError `ErrUnreachable` when the body ends early, `ErrCapExceeded`
 */
export async function storeAnswer(
  target: TargetNode,
  place: Place,
  { body }: Answer,
  custom: CustomMd,
  onBytes: (bytes: number) => Promise<void> | undefined,
): Promise<ObjectMeta> {
  const { props } = place.bucket
  const draft = await place.mountpath.draft(place.bucket, place.name, {
    sizeBytes: body.lengthBytes,
    checksumType: props.checksum.type,
    durability: durabilityOf(target, props),
  })
  try {
    const hash = hashBody(target, place, undefined, body.lengthBytes)
    await body.consume(async (chunk) => {
      await onBytes(chunk.byteLength)
      hash.update(chunk)
      await draft.write(chunk)
    })
    const atimeNs = target.platform.clock.nowNs()
    return await commitObject(target, place, draft, { checksum: hash.finish(), atimeNs, custom })
  } catch (error) {
    await draft.discard()
    throw error
  }
}
