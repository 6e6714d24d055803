import type { ObjectMeta } from '../../ports/mountpath.ts'
import { findObject, type Place, type TargetNode } from '../../target/target.ts'
import { commitObject } from '../../target/write-object.ts'
import { checksumHeader, type S3Checksum } from '../checksum-algorithms.ts'
import type { StatedDigests } from './body-digests.ts'
import { type Incoming, receiveBody } from './receive-body.ts'
import { type Pairs, withContent } from './stored-metadata.ts'

/** Pairs of a checksum that an object keeps. */
export function checksumPairs(checksum: S3Checksum | undefined, type: string): Pairs {
  if (checksum === undefined) return []
  return [
    [checksumHeader(checksum.algorithm), checksum.value],
    ['x-amz-checksum-type', type],
  ]
}

/** What is to be stored beside the body. */
export interface ToStore {
  readonly stated: StatedDigests
  readonly metadata: Pairs
  /** Asked before the body is read, and again when it is about to replace what is there. */
  check(existing: ObjectMeta | undefined): void
}

/**
 * One body becomes the object. Nothing is visible, and nothing is left, unless it came whole, was what it was stated to
 * be, and the condition holds at that moment.
 * @throws S3Error, AisError as `receiveBody` and `check`
 */
export async function storeObject(
  target: TargetNode,
  place: Place,
  incoming: Incoming,
  { stated, metadata, check }: ToStore,
): Promise<ObjectMeta> {
  check(findObject(target, place)?.meta)
  const { draft, digests } = await receiveBody(target, place, incoming, stated)
  try {
    const custom = withContent(metadata, digests.md5, checksumPairs(digests.stated, 'FULL_OBJECT'))
    const atimeNs = target.platform.clock.nowNs()
    const { checksum } = digests
    const object = { checksum, atimeNs, custom }
    const meta = await commitObject(target, place, draft, object, 'replace', check)
    target.stats.add('put.n')
    target.stats.add('put.size', meta.sizeBytes)
    return meta
  } catch (error) {
    await draft.discard()
    throw error
  }
}
