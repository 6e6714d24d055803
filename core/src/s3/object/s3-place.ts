import { requiresTags } from '../../config/redirect-auth.ts'
import type { Access } from '../../node/access.ts'
import { checkRedirected, placeNamed } from '../../target/entry.ts'
import type { Place, TargetNode } from '../../target/target.ts'
import { queryParam } from '../../wire/query-params.ts'
import { isRedirected } from '../../wire/redirect.ts'
import { bucketByName, ownBck } from '../find-bucket.ts'
import { innerBucketId } from '../inner-headers.ts'
import { checkKey, type S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'

/**
 * The place that a call at a target is about, checked as the gateway checked it.
 * @throws S3Error `AccessDenied`, and as `checkKey`; AisError as `placeNamed`
 */
export async function s3Place(s3: S3Call, target: TargetNode, need: Access): Promise<Place> {
  const { call, bucket, key, query, rawQuery, method, resource } = s3
  const redirected = { call, method, target: { path: `/s3${resource}`, query, rawQuery } }
  checkRedirected(redirected, target)
  const onPublic = call.network === 'public'
  const { auth } = target.metadata.config()
  // Whoever vouched for a redirect let its caller in.
  const isVouched = requiresTags(auth) && isRedirected(query)
  if (onPublic && auth.client_auth_required && !isVouched) {
    throw new S3Error('AccessDenied', { message: 'Direct access to targets is not permitted.' })
  }
  checkKey(key)
  const bck = bucketByName(target.metadata.bmd(), bucket)?.bck ?? ownBck(bucket)
  const stated = onPublic ? query.get(queryParam.bucketId) : innerBucketId(call.headers)
  return placeNamed(redirected, target, { bck, name: key, stated }, need)
}
