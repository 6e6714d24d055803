import type { ProxyNode } from '../../proxy/proxy.ts'
import { belongingsHeaders, belongingsOf } from '../access/written-object.ts'
import type { S3Call } from '../s3-call.ts'
import { knownBucket } from './named-bucket.ts'

/**
 * A call that writes an object, with whom it will belong to and what its ACL will be.
 * @throws S3Error as `belongingsOf` and `knownBucket`
 */
export async function withBelongings(s3: S3Call, proxy: ProxyNode): Promise<S3Call> {
  const { props } = await knownBucket(proxy, s3.bucket)
  const field = (name: string) => s3.call.headers.get(name)
  const writer = s3.authorized?.principal.canonicalId ?? ''
  const belongings = belongingsOf(field, writer, props, proxy.metadata.credentials())
  const lines = belongingsHeaders(belongings)
  return lines.length === 0 ? s3 : { ...s3, innerLines: [...(s3.innerLines ?? []), ...lines] }
}
