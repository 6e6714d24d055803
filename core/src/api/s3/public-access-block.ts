import { limits } from '../../config/limits.ts'
import {
  parsePublicAccessBlock,
  publicAccessBlockDocument,
} from '../../s3/access/public-access-block.ts'
import { setS3PropsAnywhere } from '../../s3/gateway/change-buckets.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'

/** GET of a bucket with `publicAccessBlock`. */
export const getPublicAccessBlock = s3Operation({
  name: 'GetPublicAccessBlock',
  method: 'GET',
  on: 'bucket',
  query: ['publicAccessBlock'],
  access: 'HEAD-BUCKET',
  async proxy({ bucket }, proxy) {
    const { props } = await namedBucket(proxy, bucket, 'HEAD-BUCKET')
    const stored = props.s3.public_access_block
    if (stored !== undefined) return xmlReply(publicAccessBlockDocument(stored))
    throw new S3Error('NoSuchPublicAccessBlockConfiguration', { fields: [['BucketName', bucket]] })
  },
})

/** PUT of a bucket with `publicAccessBlock`. */
export const putPublicAccessBlock = s3Operation({
  name: 'PutPublicAccessBlock',
  method: 'PUT',
  on: 'bucket',
  query: ['publicAccessBlock'],
  access: 'SET-BUCKET-ACL',
  async proxy(s3, proxy) {
    const named = await namedBucket(proxy, s3.bucket, 'SET-BUCKET-ACL')
    const name = 'PublicAccessBlockConfiguration'
    const root = await verifiedXml(s3, proxy.platform, limits.jsonBytesMax, name)
    await setS3PropsAnywhere(proxy, named, { public_access_block: parsePublicAccessBlock(root) })
    return { status: 200, headers: [] }
  },
})

/** DELETE of a bucket with `publicAccessBlock`: nothing is held back then. */
export const deletePublicAccessBlock = s3Operation({
  name: 'DeletePublicAccessBlock',
  method: 'DELETE',
  on: 'bucket',
  query: ['publicAccessBlock'],
  access: 'SET-BUCKET-ACL',
  async proxy({ bucket }, proxy) {
    const named = await namedBucket(proxy, bucket, 'SET-BUCKET-ACL')
    await setS3PropsAnywhere(proxy, named, { public_access_block: '' })
    return { status: 204, headers: [] }
  },
})
