import { bckCname } from '../../bucket/bck.ts'
import { bucketPropsToJson } from '../../bucket/bucket-props.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { bucketOf, objectPathOf } from '../../node/bucket-of.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import type { HeaderLine } from '../../ports/call.ts'
import { atAnyGateway } from '../../proxy/at-any-gateway.ts'
import { headSummary } from '../../proxy/bucket-summary.ts'
import { proxyBucket } from '../../proxy/proxy.ts'
import { checkRedirected } from '../../target/entry.ts'
import { targetBucket } from '../../target/target.ts'
import { header } from '../../wire/headers.ts'
import { stringifyJson } from '../../wire/json.ts'

/** HEAD of a bucket: its properties in `Ais-Bucket-Props`; with `bsumm_remote` its summary as well. */
export const headBucket = endpoint({
  resource: 'buckets',
  method: 'HEAD',
  proxyNetworks: ['public', 'control'],
  targetNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const bck = bucketOf(api)
    const { query } = api.target
    const { object: prefix } = objectPathOf(api)
    const wantsSummary = (query.get('bsumm_remote') ?? '') !== ''
    if (prefix !== undefined && !wantsSummary) {
      throw new AisError(
        'ErrBadRequest',
        `invalid URL path "${api.target.path}": a prefix needs bsumm_remote`,
      )
    }
    const props = await proxyBucket(proxy, bck)
    checkBucketAccess(bck, props, 'HEAD-BUCKET')
    const line: HeaderLine = [header.bucketProps, stringifyJson(bucketPropsToJson(props))]
    if (!wantsSummary) return emptyReply(200, [line])
    const bucket = { bck, props, prefix: prefix ?? '' }
    const uuid = query.get('uuid') ?? ''
    return atAnyGateway(proxy, api, undefined, () => headSummary(proxy, bucket, uuid, line))
  },
  async target(api, target) {
    if (api.call.network === 'public' && (api.target.query.get('pid') ?? '') !== '') {
      throw new AisError('ErrForbidden', 'HEAD bucket is not redirected')
    }
    checkRedirected(api, target)
    const bck = bucketOf(api)
    const { props } = await targetBucket(target, bck)
    checkBucketAccess(bck, props, 'HEAD-BUCKET')
    if (objectPathOf(api).object !== undefined) {
      throw new AisError('ErrBadRequest', `invalid URL path for ${bckCname(bck)}`)
    }
    return emptyReply(200, [[header.bucketProps, stringifyJson(bucketPropsToJson(props))]])
  },
})
