import { bckCname } from '../../bucket/bck.ts'
import { AisError } from '../../errors/ais-error.ts'
import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { proxyBucket } from '../../proxy/proxy.ts'

/** POST `prefetch-listrange`: of remote buckets only, and there is no backend yet, so any bucket there is refuses. */
export const prefetchObjects = actionEndpoint({
  resource: 'buckets',
  method: 'POST',
  action: 'prefetch-listrange',
  async proxy(api, proxy) {
    const bck = bareBucketOf(api)
    await proxyBucket(proxy, bck)
    throw new AisError(
      'ErrBadRequest',
      `cannot prefetch from ${bckCname(bck)}: not a remote bucket, there is nothing to fetch`,
    )
  },
})
