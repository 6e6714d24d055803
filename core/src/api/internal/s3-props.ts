import { AisError } from '../../errors/ais-error.ts'
import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { createBucketHere } from '../../proxy/create-bucket.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'
import { setS3PropsHere } from '../../proxy/set-s3-props.ts'
import { isJsonObject } from '../../wire/json.ts'

/** PATCH between gateways, to the primary: what S3 calls alone set of a bucket; `s3-create-bck` makes it with that. */
export const setS3Props = actionEndpoint({
  resource: 'buckets',
  method: 'PATCH',
  action: ['s3-set-props', 's3-create-bck'],
  proxyNetworks: ['control'],
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(api.action))
    const { action, value } = api.action
    if (action === 's3-create-bck') {
      await createBucketHere(proxy, bck, null, value)
      return emptyReply()
    }
    const { bid, s3 = null } = isJsonObject(value) ? value : {}
    if (typeof bid !== 'string' || !/^\d{1,20}$/.test(bid)) {
      throw new AisError('ErrBadRequest', `${action}: "bid" is no ID of a bucket`)
    }
    await setS3PropsHere(proxy, bck, BigInt(bid), s3)
    return emptyReply()
  },
})
