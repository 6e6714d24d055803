import { type Bck, bckCname } from '../bucket/bck.ts'
import { type Bmd, findBucket, removeBucket } from '../bucket/bmd.ts'
import { bucketNotFound } from '../bucket/names.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkBucketAccess } from '../node/access.ts'
import { isEmptyBucket } from '../s3/gateway/is-empty.ts'
import { beginTransaction } from './begin-transaction.ts'
import type { ProxyNode } from './proxy.ts'

/**
 * Takes a bucket with all its objects away, at the primary.
 * @throws AisError `ErrBckNotFound`, `ErrUnsupp` of a remote provider, `ErrBucketAccessDenied`, `ErrForbidden` versions in it
 * could be locked; as `beginTransaction`
 */
export async function destroyBucketHere(proxy: ProxyNode, bck: Bck): Promise<void> {
  const checked = (bmd: Bmd): Bmd => {
    const props = findBucket(bmd, bck)
    if (props === undefined) throw bucketNotFound(bck)
    if (bck.provider !== 'ais') {
      throw new AisError('ErrUnsupp', `cannot destroy ${bckCname(bck)} - operation not supported`, {
        status: 405,
      })
    }
    checkBucketAccess(bck, props, 'DESTROY-BUCKET')
    return removeBucket(bmd, bck)
  }
  checked(proxy.metadata.bmd())
  const props = findBucket(proxy.metadata.bmd(), bck)
  const locks = props?.s3.object_lock !== undefined
  if (locks && !(await isEmptyBucket(proxy, { bck, props }))) {
    throw new AisError(
      'ErrForbidden',
      `cannot destroy ${bckCname(bck)}: it has object lock, and versions in it`,
    )
  }
  await beginTransaction(proxy, bck, 'destroy-bck', undefined, locks)
  await proxy.primary.updateBmd(checked)
}
