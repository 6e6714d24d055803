import { AisError } from '../errors/ais-error.ts'
import { type Access, checkBucketAccess } from '../node/access.ts'
import type { ApiCall } from '../node/api-call.ts'
import { objectOf } from '../node/bucket-of.ts'
import { queryParam } from '../wire/query-params.ts'
import { isRedirected } from '../wire/redirect.ts'
import { statedBucket } from './stated-bucket.ts'
import { type Place, placeObject, type TargetBucket, type TargetNode } from './target.ts'

/** What a client may ask a target for without a gateway's redirect. */
const directMethods = new Set(['GET', 'HEAD'])

/**
 * A data call on the public network carries the marker of a gateway's redirect; GET and HEAD also come directly
 * (the SDK's direct reads), while client auth is off.
 * @throws AisError `ErrBadRequest`, `ErrForbidden`
 */
export function checkRedirected(api: ApiCall, target: TargetNode): void {
  if (api.call.network !== 'public' || isRedirected(api.target.query)) return
  if (target.metadata.config().auth.client_auth_required) {
    throw new AisError('ErrForbidden', 'direct access to targets is not permitted')
  }
  if (directMethods.has(api.method)) return
  throw new AisError(
    'ErrBadRequest',
    `t[${target.self().daemonId}]: ${api.method} ${api.target.path} is expected to be redirected`,
  )
}

/**
 * The place an object call is about, checked as the gateway checked it: a target trusts no name. At once when the
 * bucket is known here, which it nearly always is.
 */
export function placeOf(
  api: ApiCall,
  target: TargetNode,
  need: Access,
  forWrite: boolean,
): Place | Promise<Place> {
  checkRedirected(api, target)
  const { bck, name } = objectOf(api, forWrite)
  const place = (bucket: TargetBucket): Place => {
    checkBucketAccess(bck, bucket.props, need, name)
    return placeObject(target, bucket, name)
  }
  const bucket = statedBucket(target, bck, api.target.query.get(queryParam.bucketId))
  return bucket instanceof Promise ? bucket.then(place) : place(bucket)
}
