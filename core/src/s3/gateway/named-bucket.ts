import type { Access } from '../../node/access.ts'
import { checkBucketAccess } from '../../node/access.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { bucketByName, type NamedBucket, noSuchBucket } from '../find-bucket.ts'

/**
 * The bucket of a call, after asking the primary when our BMD does not have it.
 * @throws S3Error `NoSuchBucket`, `AmbiguousBucketName`; AisError `ErrBucketAccessDenied`
 */
export async function namedBucket(
  proxy: ProxyNode,
  name: string,
  need: Access,
): Promise<NamedBucket> {
  let found = bucketByName(proxy.metadata.bmd(), name)
  if (found === undefined && !proxy.isPrimary()) {
    await proxy.refreshMetadata()
    found = bucketByName(proxy.metadata.bmd(), name)
  }
  if (found === undefined) throw noSuchBucket(name)
  checkBucketAccess(found.bck, found.props, need)
  return found
}
