import { listKeys } from '../../s3/gateway/list-keys.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { entryNodes } from '../../s3/list-document.ts'
import { listRequest } from '../../s3/list-request.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownersOf } from '../../s3/owner.ts'
import { xmlReply } from '../../s3/s3-replies.ts'

/** GET of a bucket: the first version of the listing, by markers. */
export const listObjects = s3Operation({
  name: 'ListObjects',
  method: 'GET',
  on: 'bucket',
  access: 'LIST-OBJECTS',
  async proxy({ query, bucket }, proxy) {
    const request = listRequest(query)
    const named = await namedBucket(proxy, bucket, 'LIST-OBJECTS')
    const marker = query.get('marker') ?? ''
    const limit = request.maxKeys === 0 ? 0 : request.maxKeys + 1
    const entries = await listKeys(proxy, named, { ...request, after: marker, limit })
    const page = entries.slice(0, request.maxKeys)
    const isTruncated = entries.length > page.length
    const { prefix, delimiter, maxKeys, encodingType, encode } = request
    const last = page.at(-1)?.name
    // Without a delimiter the last key is the next marker, and clients take it as that.
    const next = isTruncated && delimiter !== '' && last !== undefined ? encode(last) : undefined
    return xmlReply([
      'ListBucketResult',
      [
        ['Name', bucket],
        // As it was asked for: the first version's readers decode names, but not this.
        ['Prefix', prefix],
        ['Marker', encode(marker)],
        ['NextMarker', next],
        ['MaxKeys', maxKeys],
        ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
        ['EncodingType', encodingType],
        ['IsTruncated', isTruncated],
        ...entryNodes(page, request, ownersOf(named, proxy.metadata.credentials())),
      ],
    ])
  },
})
