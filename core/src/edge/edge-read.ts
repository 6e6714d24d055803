import type { Call, HeaderLine } from '../ports/call.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'
import type { Place } from '../target/target.ts'

/**
 * By which an edge gateway asks an owner to tell the generation of what it reads. A HEAD with it is answered with the lines
 * that GET would have, conditions and range included.
 */
export const edgeReadHeader = 'ais-edge-read'

/** 32 hex digits that no other bytes of an object have had, or will have. */
export const generationHeader = 'Ais-Generation'

export function isEdgeRead({ headers }: Pick<Call, 'headers'>): boolean {
  return headers.get(edgeReadHeader) !== undefined
}

/** The generation, for who asks; of a bucket whose reads are to be checked at the disk nobody may keep any. */
export function generationLines(
  call: Pick<Call, 'headers'>,
  { bucket }: Pick<Place, 'bucket'>,
  { generation }: Pick<ObjectMeta, 'generation'>,
): readonly HeaderLine[] {
  if (!isEdgeRead(call)) return []
  const { validate_warm_get, enable_read_range } = bucket.props.checksum
  return validate_warm_get || enable_read_range ? [] : [[generationHeader, generation]]
}
