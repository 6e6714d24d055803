import type { BucketProps } from '../../bucket/bucket-props.ts'
import type { Access } from '../../node/access.ts'
import type { JsonValue } from '../../wire/json.ts'
import type { NamedBucket } from '../find-bucket.ts'
import { type S3Operation, s3Operation } from '../operation.ts'
import { S3Error } from '../s3-error.ts'
import type { S3ErrorCode } from '../s3-error-codes.ts'
import { xmlReply } from '../s3-replies.ts'
import { verifiedXml } from '../verified-body.ts'
import type { XmlElement } from '../xml-reader.ts'
import type { XmlNode } from '../xml-writer.ts'
import { setS3PropsAnywhere } from './change-buckets.ts'
import { namedBucket } from './named-bucket.ts'

/** A document that a bucket has under a subresource, kept in its properties: read, replaced and taken away as a whole. */
interface BucketConfiguration {
  /** What Amazon calls the three operations. */
  readonly names: readonly [get: string, put: string, remove: string]
  readonly subresource: string
  /** What it takes to change it; reading takes `HEAD-BUCKET`. */
  readonly access: Access
  /** The error where the bucket has none. */
  readonly absent: S3ErrorCode
  /** The member of the properties that keeps it. */
  readonly prop: keyof BucketProps['s3']
  /** The name of the document's root. */
  readonly root: string
  readonly bodyBytesMax: number
  /** The status of a replacement. */
  readonly putStatus: 200 | 204
  /** The document to show; `undefined` where there is none. */
  show(props: BucketProps['s3']): XmlNode | undefined
  /** What is kept of a document. @throws S3Error `MalformedXML` and what else is wrong with it */
  parse(root: XmlElement, bucket: NamedBucket): JsonValue
}

/** GET, PUT and DELETE of a configuration. Every gateway shows a change once it is acknowledged. */
export function bucketConfiguration(
  configuration: BucketConfiguration,
): readonly [get: S3Operation, put: S3Operation, remove: S3Operation] {
  const { names, subresource, access, absent, prop, root, bodyBytesMax, putStatus } = configuration
  const common = { on: 'bucket', query: [subresource] } as const
  return [
    s3Operation({
      ...common,
      name: names[0],
      method: 'GET',
      access: 'HEAD-BUCKET',
      async proxy({ bucket }, proxy) {
        const { props } = await namedBucket(proxy, bucket, 'HEAD-BUCKET')
        const document = configuration.show(props.s3)
        if (document === undefined) throw new S3Error(absent, { fields: [['BucketName', bucket]] })
        return xmlReply(document)
      },
    }),
    s3Operation({
      ...common,
      name: names[1],
      method: 'PUT',
      access,
      async proxy(s3, proxy) {
        const bucket = await namedBucket(proxy, s3.bucket, access)
        const document = await verifiedXml(s3, proxy.platform, bodyBytesMax, root)
        const kept = configuration.parse(document, bucket)
        await setS3PropsAnywhere(proxy, bucket, { [prop]: kept })
        return { status: putStatus, headers: [] }
      },
    }),
    s3Operation({
      ...common,
      name: names[2],
      method: 'DELETE',
      access,
      async proxy({ bucket }, proxy) {
        const named = await namedBucket(proxy, bucket, access)
        await setS3PropsAnywhere(proxy, named, { [prop]: '' })
        return { status: 204, headers: [] }
      },
    }),
  ]
}
