import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { destroyBucketHere } from '../../proxy/destroy-bucket.ts'
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
    await destroyBucketHere(proxy, bck)
    return emptyReply()
  },
})
