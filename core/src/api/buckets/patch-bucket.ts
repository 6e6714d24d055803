import { type Bmd, findBucket, replaceBucket } from '../../bucket/bmd.ts'
import { applyBucketProps, type BucketProps, resetBucketProps } from '../../bucket/bucket-props.ts'
import { bucketNotFound } from '../../bucket/names.ts'
import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { beginTransaction } from '../../proxy/begin-transaction.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'
import { propsContext } from '../../proxy/proxy.ts'

/** PATCH `set-bprops` and `reset-bprops`: all of the message or nothing. */
export const patchBucket = actionEndpoint({
  resource: 'buckets',
  method: 'PATCH',
  action: ['set-bprops', 'reset-bprops'],
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(api.action))
    const { action } = api.action
    const changed = (bmd: Bmd): BucketProps => {
      const props = findBucket(bmd, bck)
      if (props === undefined) throw bucketNotFound(bck)
      return action === 'reset-bprops'
        ? resetBucketProps(props, proxy.settings.current())
        : applyBucketProps(props, api.action.value, propsContext(proxy))
    }
    const txn = action === 'reset-bprops' ? action : 'set-bprops'
    await beginTransaction(proxy, bck, txn, changed(proxy.metadata.bmd()))
    await proxy.primary.updateBmd((bmd) => replaceBucket(bmd, bck, changed(bmd)))
    return emptyReply()
  },
})
