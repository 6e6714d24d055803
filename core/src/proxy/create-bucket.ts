import { type Bck, bckCname } from '../bucket/bck.ts'
import { addBucket, type Bmd, findBucket, generateBid } from '../bucket/bmd.ts'
import {
  applyBucketProps,
  type BucketProps,
  defaultBucketProps,
  withS3Props,
} from '../bucket/bucket-props.ts'
import { isSystemBucket } from '../bucket/names.ts'
import { AisError } from '../errors/ais-error.ts'
import type { JsonValue } from '../wire/json.ts'
import { beginTransaction } from './begin-transaction.ts'
import { type ProxyNode, propsContext } from './proxy.ts'

/**
 * Makes a bucket, at the primary.
 * @param props in the shape of `create-bck`, or null for the cluster's
 * @param s3 what S3 calls alone set, as `withS3Props` takes it
 * @param like the properties to begin with, but for those that S3 calls set; absent: the cluster's
 * @throws AisError `ErrBucketAlreadyExists`, `ErrBadRequest`, `ErrNotImpl` of a remote provider; as `beginTransaction`
 */
export async function createBucketHere(
  proxy: ProxyNode,
  bck: Bck,
  props: JsonValue,
  s3: JsonValue = {},
  like?: BucketProps,
): Promise<void> {
  if (isSystemBucket(bck.name)) {
    throw new AisError('ErrBadRequest', `bucket name "${bck.name}" is reserved`)
  }
  if (bck.provider !== 'ais' || bck.namespace.uuid !== '') {
    throw new AisError(
      'ErrNotImpl',
      `cannot create ${bckCname(bck)} - no ${bck.provider} backend is configured`,
    )
  }
  const { clock } = proxy.platform
  const added = (bmd: Bmd): BucketProps => {
    if (findBucket(bmd, bck)) {
      throw new AisError('ErrBucketAlreadyExists', `bucket "${bckCname(bck)}" already exists`)
    }
    const own = withS3Props(defaultBucketProps(proxy.settings.current(), bck.provider), s3)
    const fresh = {
      ...own,
      ...(like && { ...like, provider: own.provider, s3: own.s3 }),
      bid: generateBid(bmd, bck.provider),
      created: clock.nowNs(),
    }
    return props === null ? fresh : applyBucketProps(fresh, props, propsContext(proxy))
  }
  await beginTransaction(proxy, bck, 'create-bck', added(proxy.metadata.bmd()))
  await proxy.primary.updateBmd((bmd) => addBucket(bmd, bck, added(bmd)))
}
