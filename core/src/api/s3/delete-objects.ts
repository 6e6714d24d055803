import { limits } from '../../config/limits.ts'
import { checkExpectedOwner, checkWish } from '../../s3/auth/authorize-call.ts'
import { type DeletedKey, deleteKey, type KeptKey } from '../../s3/gateway/delete-key.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import { verifiedXml } from '../../s3/verified-body.ts'
import { childrenOf, childText, type XmlElement } from '../../s3/xml-reader.ts'
import type { XmlNode } from '../../s3/xml-writer.ts'

/** 1,000 keys of 1,024 bytes, each byte a reference at worst. */
const bodyBytesMax = 8 * 1024 * 1024
/** Deletes of one call that are under way at once. */
const concurrency = 32

interface Named {
  readonly key: string
  readonly versionId: string | undefined
  readonly etag: string | undefined
  /** What else is asked of the key, that nobody does. */
  readonly unknown: string | undefined
}

function readKey(object: XmlElement): Named {
  const key = childText(object, 'Key')
  if (key === undefined || key === '') throw new S3Error('MalformedXML')
  const version = childText(object, 'VersionId')
  const other = ['LastModifiedTime', 'Size'].find((name) => childText(object, name) !== undefined)
  const versionId = version === '' ? undefined : version
  return { key, versionId, etag: childText(object, 'ETag'), unknown: other }
}

/** POST with `delete`: up to 1,000 keys, each with its own result. */
export const deleteObjects = s3Operation({
  name: 'DeleteObjects',
  method: 'POST',
  on: 'bucket',
  query: ['delete'],
  access: 'DELETE-OBJECT',
  decidesItself: true,
  async proxy(s3, proxy) {
    const named = await namedBucket(proxy, s3.bucket, 'DELETE-OBJECT')
    checkExpectedOwner(s3.call.headers.get('x-amz-expected-bucket-owner'), named)
    // Without a policy all keys are alike: who may delete none need not be listened to.
    if (named.props.s3.policy === undefined) {
      checkWish(s3, proxy, { action: 's3:DeleteObject', need: 'DELETE-OBJECT', named, key: '' })
    }
    const root = await verifiedXml(s3, proxy.platform, bodyBytesMax, 'Delete')
    const objects = childrenOf(root, 'Object').map(readKey)
    if (objects.length === 0 || objects.length > limits.s3DeleteKeysMax) {
      throw new S3Error('MalformedXML')
    }
    const quiet = childText(root, 'Quiet')?.trim() === 'true'
    const results: (KeptKey | DeletedKey)[] = []
    let next = 0
    const work = async (): Promise<void> => {
      for (let at = next++; at < objects.length; at = next++) {
        const object = objects[at]
        if (object === undefined) return
        results[at] =
          object.unknown === undefined
            ? await deleteKey(proxy, named, s3, object.key, object.etag, object.versionId)
            : { code: 'NotImplemented', message: `${object.unknown} is not implemented.` }
      }
    }
    await Promise.all(Array.from({ length: Math.min(concurrency, objects.length) }, work))
    const nodes = objects.flatMap(({ key, versionId }, at): XmlNode[] => {
      const kept = results[at]
      if (kept === undefined || !('code' in kept)) {
        if (quiet) return []
        const marker = kept?.marker === true
        return [
          [
            'Deleted',
            [
              ['Key', key],
              ['VersionId', versionId],
              ['DeleteMarker', marker ? true : undefined],
              ['DeleteMarkerVersionId', marker ? kept?.versionId : undefined],
            ],
          ],
        ]
      }
      return [
        [
          'Error',
          [
            ['Key', key],
            ['VersionId', versionId],
            ['Code', kept.code],
            ['Message', kept.message],
          ],
        ],
      ]
    })
    return xmlReply(['DeleteResult', nodes])
  },
})
