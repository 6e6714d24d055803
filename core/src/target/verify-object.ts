import { AisError } from '../errors/ais-error.ts'
import type { ByteRange } from '../object/range.ts'
import type { OpenObject } from '../ports/mountpath.ts'
import type { Place, TargetNode } from './target.ts'

/**
 * Recomputes the object's checksum from its bytes; of a range only the blocks it touches, when these have checksums of
 * their own. An object of checksum type `none` is not verified, as upstream.
 * @throws AisError `ErrBadCksum` when the bytes are not those that were stored
 */
export async function verifyObject(
  target: TargetNode,
  place: Place,
  open: OpenObject,
  range: ByteRange | 'whole' = 'whole',
): Promise<void> {
  const { checksum } = open.meta
  if (checksum.type === 'none' || checksum.value === '') return
  if (range !== 'whole') {
    const verdict = await open.verifyRange(range.offset, range.length)
    if (verdict === 'sound') return
    if (verdict === 'damaged') {
      throw new AisError(
        'ErrBadCksum',
        `BAD DATA CHECKSUM: ${place.uname}: bytes ${range.offset} to ${range.offset + range.length}` +
          ' are damaged',
      )
    }
  }
  const hasher = target.platform.createHasher(checksum.type)
  for await (const chunk of open.read()) hasher.update(chunk)
  const actual = hasher.digestHex()
  if (actual === checksum.value) return
  throw new AisError(
    'ErrBadCksum',
    `BAD DATA CHECKSUM: ${place.uname} ${checksum.type}: expected [${checksum.value}], actual [${actual}]`,
  )
}
