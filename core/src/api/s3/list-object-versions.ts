import { listKeys } from '../../s3/gateway/list-keys.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { contentNodes, isPrefix, prefixNodes } from '../../s3/list-document.ts'
import { listRequest } from '../../s3/list-request.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownersOf } from '../../s3/owner.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import type { XmlNode } from '../../s3/xml-writer.ts'

/** GET of a bucket with `versions`. No bucket has S3's versioning: each object has one version, `null`, the latest. */
export const listObjectVersions = s3Operation({
  name: 'ListObjectVersions',
  method: 'GET',
  on: 'bucket',
  query: ['versions'],
  access: 'LIST-OBJECTS',
  async proxy({ query, bucket }, proxy) {
    const request = listRequest(query)
    const named = await namedBucket(proxy, bucket, 'LIST-OBJECTS')
    const keyMarker = query.get('key-marker') ?? ''
    const limit = request.maxKeys === 0 ? 0 : request.maxKeys + 1
    const entries = await listKeys(proxy, named, { ...request, after: keyMarker, limit })
    const page = entries.slice(0, request.maxKeys)
    const last = page.at(-1)
    const isTruncated = entries.length > page.length && last !== undefined
    const { prefix, delimiter, maxKeys, encodingType, encode } = request
    const owner = ownersOf(named, proxy.metadata.credentials())
    const versions = page
      .filter((entry) => !isPrefix(entry))
      .map(
        (entry): XmlNode => [
          'Version',
          [
            ['Key', encode(entry.name)],
            ['VersionId', 'null'],
            ['IsLatest', true],
            ...contentNodes(entry),
            owner(entry),
          ],
        ],
      )
    return xmlReply([
      'ListVersionsResult',
      [
        ['Name', bucket],
        ['Prefix', encode(prefix)],
        ['KeyMarker', encode(keyMarker)],
        ['VersionIdMarker', query.get('version-id-marker') ?? ''],
        ['NextKeyMarker', isTruncated ? encode(last.name) : undefined],
        ['NextVersionIdMarker', isTruncated && !isPrefix(last) ? 'null' : undefined],
        ['MaxKeys', maxKeys],
        ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
        ['EncodingType', encodingType],
        ['IsTruncated', isTruncated],
        ...versions,
        ...prefixNodes(page, encode),
      ],
    ])
  },
})
