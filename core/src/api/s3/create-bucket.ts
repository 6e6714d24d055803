import { checkBucketName } from '../../bucket/names.ts'
import { limits } from '../../config/limits.ts'
import { isAisError } from '../../errors/ais-error.ts'
import { readBody } from '../../node/api-call.ts'
import { newBucketProps } from '../../s3/access/bucket-access.ts'
import { bucketByName, checkNewName, type NamedBucket, ownBck } from '../../s3/find-bucket.ts'
import { createBucketAnywhere } from '../../s3/gateway/change-buckets.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { parseXmlAs } from '../../s3/xml-reader.ts'

/** Amazon tells an owner so, and everybody else that the name is taken. */
function bucketExists({ bck, props }: NamedBucket, caller: string): S3Error {
  const isOwn = (props.s3.owner ?? '') === caller
  return new S3Error(isOwn ? 'BucketAlreadyOwnedByYou' : 'BucketAlreadyExists', {
    fields: [['BucketName', bck.name]],
  })
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
    const existing = bucketByName(proxy.metadata.bmd(), bucket)
    if (existing !== undefined) throw bucketExists(existing, caller)
    const field = (name: string) => call.headers.get(name)
    const s3 = newBucketProps(field, caller, proxy.metadata.credentials())
    checkBucketName(bucket)
    try {
      await createBucketAnywhere(proxy, ownBck(bucket), s3)
    } catch (error) {
      if (!isAisError(error, 'ErrBucketAlreadyExists')) throw error
      await proxy.refreshMetadata()
      const other = bucketByName(proxy.metadata.bmd(), bucket)
      throw other === undefined ? error : bucketExists(other, caller)
    }
    return { status: 200, headers: [['Location', `/${bucket}`]] }
  },
})
