import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { createBucketHere } from '../../proxy/create-bucket.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'

/** POST `create-bck`: 409 when it exists. Optional props in `value`. */
export const createBucket = actionEndpoint({
  resource: 'buckets',
  method: 'POST',
  action: 'create-bck',
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(api.action))
    await createBucketHere(proxy, bck, api.action.value)
    return emptyReply()
  },
})
