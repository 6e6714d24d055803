import { checkBucketName } from '../../bucket/names.ts'
import { limits } from '../../config/limits.ts'
import { isAisError } from '../../errors/ais-error.ts'
import { readBody } from '../../node/api-call.ts'
import type { Reply } from '../../ports/call.ts'
import { newBucketProps } from '../../s3/access/bucket-access.ts'
import { bucketByName, checkNewName, type NamedBucket, ownBck } from '../../s3/find-bucket.ts'
import { createBucketAnywhere } from '../../s3/gateway/change-buckets.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { parseXmlAs } from '../../s3/xml-reader.ts'

const made = (bucket: string): Reply => ({ status: 200, headers: [['Location', `/${bucket}`]] })

/**
 * The answer where there is such a bucket: its owner may make it once more, as in Amazon's first region, as long as it
 * would be the same. @throws S3Error `BucketAlreadyExists`
 */
function madeBefore({ bck, props }: NamedBucket, asked: Readonly<Record<string, string>>): Reply {
  const { owner = '', acl = '', object_lock: lock } = props.s3
  const isSame =
    owner === asked.owner &&
    acl === asked.acl &&
    (lock === undefined) === (asked.object_lock === undefined)
  if (isSame) return made(bck.name)
  throw new S3Error('BucketAlreadyExists', { fields: [['BucketName', bck.name]] })
}

/** PUT of a bucket: `ais://NAME` with the cluster's properties. Where it is to lie is read and means nothing here. */
export const createBucket = s3Operation({
  name: 'CreateBucket',
  method: 'PUT',
  on: 'bucket',
  access: 'CREATE-BUCKET',
  async proxy({ call, bucket, authorized }, proxy) {
    if (proxy.settings.current().s3.semantics === 'amazon') checkNewName(bucket)
    const body = await readBody(call, limits.jsonBytesMax)
    if (body.length > 0) parseXmlAs(body, 'CreateBucketConfiguration')
    const caller = authorized?.principal.canonicalId ?? ''
    const field = (name: string) => call.headers.get(name)
    const s3 = {
      ...newBucketProps(field, caller, proxy.metadata.credentials()),
      ...(field('x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true'
        ? { versioning: 'Enabled', object_lock: '{}' }
        : {}),
    }
    const existing = bucketByName(proxy.metadata.bmd(), bucket)
    if (existing !== undefined) return madeBefore(existing, s3)
    checkBucketName(bucket)
    try {
      await createBucketAnywhere(proxy, ownBck(bucket), s3)
    } catch (error) {
      if (!isAisError(error, 'ErrBucketAlreadyExists')) throw error
      await proxy.refreshMetadata()
      const other = bucketByName(proxy.metadata.bmd(), bucket)
      if (other === undefined) throw error
      return madeBefore(other, s3)
    }
    return made(bucket)
  },
})
