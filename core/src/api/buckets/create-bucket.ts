import { bckCname } from '../../bucket/bck.ts'
import { addBucket, type Bmd, findBucket, generateBid } from '../../bucket/bmd.ts'
import {
  applyBucketProps,
  type BucketProps,
  defaultBucketProps,
} from '../../bucket/bucket-props.ts'
import { isSystemBucket } from '../../bucket/names.ts'
import { AisError } from '../../errors/ais-error.ts'
import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { beginTransaction } from '../../proxy/begin-transaction.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'
import { propsContext } from '../../proxy/proxy.ts'

/** POST `create-bck`: 409 when it exists. Optional props in `value`. */
export const createBucket = actionEndpoint({
  resource: 'buckets',
  method: 'POST',
  action: 'create-bck',
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(api.action))
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
      const fresh = {
        ...defaultBucketProps(proxy.settings.current(), bck.provider),
        bid: generateBid(bmd, bck.provider),
        created: clock.nowNs(),
      }
      return api.action.value === null
        ? fresh
        : applyBucketProps(fresh, api.action.value, propsContext(proxy))
    }
    await beginTransaction(proxy, bck, 'create-bck', added(proxy.metadata.bmd()))
    await proxy.primary.updateBmd((bmd) => addBucket(bmd, bck, added(bmd)))
    return emptyReply()
  },
})
