import type { Bck } from '../bucket/bck.ts'
import { findBucket, replaceBucket } from '../bucket/bmd.ts'
import { withS3Props } from '../bucket/bucket-props.ts'
import { bucketNotFound } from '../bucket/names.ts'
import type { JsonValue } from '../wire/json.ts'
import type { ProxyNode } from './proxy.ts'

/**
 * Sets what S3 calls alone set of a bucket, at the primary.
 * @param bid of the bucket that is meant: another one of the same name is not changed
 * @param s3 as `withS3Props` takes it
 * @throws AisError `ErrBckNotFound`, `ErrBadRequest`
 */
export async function setS3PropsHere(
  proxy: ProxyNode,
  bck: Bck,
  bid: bigint,
  s3: JsonValue,
): Promise<void> {
  await proxy.primary.updateBmd((bmd) => {
    const props = findBucket(bmd, bck)
    if (props?.bid !== bid) throw bucketNotFound(bck)
    return replaceBucket(bmd, bck, withS3Props(props, s3))
  })
}
