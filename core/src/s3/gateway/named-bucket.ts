import type { Access } from '../../node/access.ts'
import { checkBucketAccess } from '../../node/access.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { bucketByName, type NamedBucket, noSuchBucket } from '../find-bucket.ts'

/**
 * The bucket of a name, after asking the primary when our BMD does not have it.
 * @throws S3Error `NoSuchBucket`, `AmbiguousBucketName`
 */
export function knownBucket(proxy: ProxyNode, name: string): NamedBucket | Promise<NamedBucket> {
  const found = bucketByName(proxy.metadata.bmd(), name)
  if (found !== undefined) return found
  if (proxy.isPrimary()) throw noSuchBucket(name)
  return proxy.refreshMetadata().then(() => {
    const again = bucketByName(proxy.metadata.bmd(), name)
    if (again === undefined) throw noSuchBucket(name)
    return again
  })
}

/**
 * The bucket of a call, if its own mask of access lets it.
 * @throws S3Error as `knownBucket`; AisError `ErrBucketAccessDenied`
 */
export async function namedBucket(
  proxy: ProxyNode,
  name: string,
  need: Access,
): Promise<NamedBucket> {
  const found = await knownBucket(proxy, name)
  checkBucketAccess(found.bck, found.props, need)
  return found
}
