import { versioningStates } from '../../bucket/s3-props.ts'
import { setS3PropsAnywhere } from '../../s3/gateway/change-buckets.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'
import { childText } from '../../s3/xml-reader.ts'

const bodyBytesMax = 64 * 1024

/** An empty element: it was never set. AIStore's own counter is another thing. */
export const getBucketVersioning = s3Operation({
  name: 'GetBucketVersioning',
  method: 'GET',
  on: 'bucket',
  query: ['versioning'],
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    const { props } = await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    const state = props.s3.versioning
    return xmlReply(['VersioningConfiguration', state === undefined ? '' : [['Status', state]]])
  },
})

/** From now on writes keep former versions, or no longer; those that are kept stay. */
export const putBucketVersioning = s3Operation({
  name: 'PutBucketVersioning',
  method: 'PUT',
  on: 'bucket',
  query: ['versioning'],
  access: 'PATCH',
  async proxy(s3, proxy) {
    const bucket = await namedBucket(proxy, s3.bucket, 'PATCH')
    const root = await verifiedXml(s3, proxy.platform, bodyBytesMax, 'VersioningConfiguration')
    const status = childText(root, 'Status')?.trim()
    const state = versioningStates.find((known) => known === status)
    if (state === undefined) {
      throw new S3Error('IllegalVersioningConfigurationException')
    }
    if ((childText(root, 'MfaDelete')?.trim() ?? 'Disabled') !== 'Disabled') {
      throw new S3Error('NotImplemented', { message: 'MfaDelete is not implemented.' })
    }
    if (bucket.props.s3.object_lock !== undefined && state !== 'Enabled') {
      throw new S3Error('InvalidBucketState', {
        message:
          'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      })
    }
    await setS3PropsAnywhere(proxy, bucket, { versioning: state })
    return { status: 200, headers: [] }
  },
})
