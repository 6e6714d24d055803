import { bckCname } from '../../bucket/bck.ts'
import { AisError } from '../../errors/ais-error.ts'
import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { proxyBucket } from '../../proxy/proxy.ts'

/** DELETE `evict-...`: for remote buckets only, and there is no backend yet, so any bucket there is refuses. */
export const evictBucket = actionEndpoint({
  resource: 'buckets',
  method: 'DELETE',
  action: ['evict-remote-bck', 'evict-listrange'],
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    await proxyBucket(proxy, bck)
    throw new AisError(
      'ErrBadRequest',
      `${api.action.action}: expecting remote bucket (have ${bckCname(bck)})`,
    )
  },
})
