import { AisError } from '../errors/ais-error.ts'
import type { OpenObject } from '../ports/mountpath.ts'
import type { Place, TargetNode } from './target.ts'

/** Recomputes the object's checksum from its bytes. @throws AisError `ErrBadCksum` when it is not the stored one */
export async function verifyObject(
  target: TargetNode,
  place: Place,
  open: OpenObject,
): Promise<void> {
  const { checksum } = open.meta
  if (checksum.type === 'none' || checksum.value === '') return
  const hasher = target.platform.createHasher(checksum.type)
  for await (const chunk of open.read()) hasher.update(chunk)
  const actual = hasher.digestHex()
  if (actual === checksum.value) return
  throw new AisError(
    'ErrBadCksum',
    `BAD DATA CHECKSUM: ${place.uname} ${checksum.type}: expected [${checksum.value}], actual [${actual}]`,
  )
}
