import { AisError } from '../../errors/ais-error.ts'
import { findAction } from '../../node/api-call.ts'
import { bucketOf, objectPathOf } from '../../node/bucket-of.ts'
import { endpoint } from '../../node/endpoint.ts'
import { atAnyGateway } from '../../proxy/at-any-gateway.ts'
import { getSummary } from '../../proxy/bucket-summary.ts'
import { listBuckets } from '../../proxy/list-buckets.ts'
import { listObjects } from '../../proxy/list-objects.ts'
import { getShardSummary } from '../../proxy/shard-summary.ts'
import { stringifyJson } from '../../wire/json.ts'

/** GET on buckets, by the action of its body: list buckets, list objects, summary. Without a body: list. */
export const getBuckets = endpoint({
  resource: 'buckets',
  method: 'GET',
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const action = await findAction(api)
    const name = objectPathOf(api).bucket
    const what = action?.action ?? 'list'
    if (what === 'summary-bck' || what === 'summary-shard') {
      const bck = name === undefined ? undefined : bucketOf(api)
      return atAnyGateway(proxy, api, stringifyJson({ ...action }), () =>
        what === 'summary-bck'
          ? getSummary(proxy, api, bck, action?.value)
          : getShardSummary(proxy, bck ?? bucketOf(api), action?.value),
      )
    }
    if (what !== 'list') {
      throw new AisError('ErrBadRequest', `invalid action "${what}" for ${api.target.path}`)
    }
    const listsObjects = name !== undefined && (action === undefined || action.value !== null)
    if (name === undefined || !listsObjects)
      return listBuckets(proxy, api, action?.name ?? name ?? '')
    return listObjects(proxy, api, bucketOf(api), action?.value ?? null)
  },
})
