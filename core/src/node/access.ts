import type { Bck } from '../bucket/bck.ts'
import { bckCname } from '../bucket/bck.ts'
import type { BucketProps } from '../bucket/bucket-props.ts'
import { AisError } from '../errors/ais-error.ts'

/** Permission bits in upstream's order; the value is the bit number. @see AIStore api/apc/access.go */
export const accessBits = {
  GET: 0,
  'HEAD-OBJECT': 1,
  PUT: 2,
  APPEND: 3,
  'DELETE-OBJECT': 4,
  'MOVE-OBJECT': 5,
  PROMOTE: 6,
  'UPDATE-OBJECT': 7,
  'HEAD-BUCKET': 8,
  'LIST-OBJECTS': 9,
  PATCH: 10,
  'SET-BUCKET-ACL': 11,
  'LIST-BUCKETS': 12,
  'SHOW-CLUSTER': 13,
  'CREATE-BUCKET': 14,
  'DESTROY-BUCKET': 15,
  'MOVE-BUCKET': 16,
  ADMIN: 17,
} as const

export type Access = keyof typeof accessBits

/** All 64 bits: the access of a fresh bucket. */
export const accessAll = 0xffff_ffff_ffff_ffffn

/** Names of the granted operations, in bit order. */
export function accessNames(mask: bigint): string[] {
  return Object.entries(accessBits)
    .filter(([, bit]) => (mask >> BigInt(bit)) & 1n)
    .map(([name]) => name)
}

/**
 * The bucket's own mask, enforced with or without client auth. PATCH and SET-BUCKET-ACL always pass, so that a
 * read-only bucket can be opened again.
 * @throws AisError `ErrBucketAccessDenied`, `ErrObjectAccessDenied`
 */
export function checkBucketAccess(
  bck: Bck,
  props: BucketProps,
  need: Access,
  object?: string,
): void {
  if (need === 'PATCH' || need === 'SET-BUCKET-ACL') return
  if (props.access === accessAll) return
  if ((props.access >> BigInt(accessBits[need])) & 1n) return
  const allowed = accessNames(props.access).join(',')
  if (object === undefined) {
    throw new AisError(
      'ErrBucketAccessDenied',
      `bucket ${bckCname(bck)}: ${need} access denied (allowed: [${allowed}])`,
    )
  }
  throw new AisError(
    'ErrObjectAccessDenied',
    `object ${bckCname(bck)}/${object}: ${need} access denied (allowed: [${allowed}])`,
  )
}
