import { checkBucketName } from '../../bucket/names.ts'
import { limits } from '../../config/limits.ts'
import { isAisError } from '../../errors/ais-error.ts'
import { readBody } from '../../node/api-call.ts'
import { bucketByName, checkNewName, ownBck } from '../../s3/find-bucket.ts'
import { createBucketAnywhere } from '../../s3/gateway/change-buckets.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { parseXmlAs } from '../../s3/xml-reader.ts'

/** PUT of a bucket: `ais://NAME` with the cluster's properties. Where it is to lie is read and means nothing here. */
export const createBucket = s3Operation({
  name: 'CreateBucket',
  method: 'PUT',
  on: 'bucket',
  access: 'CREATE-BUCKET',
  async proxy({ call, bucket }, proxy) {
    if (proxy.settings.current().s3.semantics === 'amazon') checkNewName(bucket)
    const body = await readBody(call, limits.jsonBytesMax)
    if (body.length > 0) parseXmlAs(body, 'CreateBucketConfiguration')
    const exists = new S3Error('BucketAlreadyOwnedByYou', { fields: [['BucketName', bucket]] })
    if (bucketByName(proxy.metadata.bmd(), bucket) !== undefined) throw exists
    checkBucketName(bucket)
    try {
      await createBucketAnywhere(proxy, ownBck(bucket))
    } catch (error) {
      throw isAisError(error, 'ErrBucketAlreadyExists') ? exists : error
    }
    return { status: 200, headers: [['Location', `/${bucket}`]] }
  },
})
