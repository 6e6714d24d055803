import { bckCname } from '../../bucket/bck.ts'
import { type Bmd, findBucket, removeBucket } from '../../bucket/bmd.ts'
import { bucketNotFound } from '../../bucket/names.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { beginTransaction } from '../../proxy/begin-transaction.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'

/** DELETE `destroy-bck`: the bucket and all its objects. */
export const destroyBucket = actionEndpoint({
  resource: 'buckets',
  method: 'DELETE',
  action: 'destroy-bck',
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(api.action))
    const checked = (bmd: Bmd): Bmd => {
      const props = findBucket(bmd, bck)
      if (props === undefined) throw bucketNotFound(bck)
      if (bck.provider !== 'ais') {
        throw new AisError(
          'ErrUnsupp',
          `cannot destroy ${bckCname(bck)} - operation not supported`,
          {
            status: 405,
          },
        )
      }
      checkBucketAccess(bck, props, 'DESTROY-BUCKET')
      return removeBucket(bmd, bck)
    }
    checked(proxy.metadata.bmd())
    await beginTransaction(proxy, bck, 'destroy-bck', undefined)
    await proxy.primary.updateBmd(checked)
    return emptyReply()
  },
})
