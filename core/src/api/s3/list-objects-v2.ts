import { listKeys } from '../../s3/gateway/list-keys.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { entryNodes } from '../../s3/list-document.ts'
import { listRequest, nameOfToken, tokenOf } from '../../s3/list-request.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownersOf } from '../../s3/owner.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'

/** GET of a bucket with `list-type=2`. */
export const listObjectsV2 = s3Operation({
  name: 'ListObjectsV2',
  method: 'GET',
  on: 'bucket',
  query: ['list-type'],
  access: 'LIST-OBJECTS',
  async proxy({ query, bucket }, proxy) {
    if (query.get('list-type') !== '2') {
      throw new S3Error('InvalidArgument', { message: 'Invalid List Type specified in Request' })
    }
    const request = listRequest(query)
    const token = query.get('continuation-token')
    const startAfter = query.get('start-after')
    const named = await namedBucket(proxy, bucket, 'LIST-OBJECTS')
    const after = token ? nameOfToken(token) : (startAfter ?? '')
    const limit = request.maxKeys === 0 ? 0 : request.maxKeys + 1
    const entries = await listKeys(proxy, named, { ...request, after, limit })
    const page = entries.slice(0, request.maxKeys)
    const isTruncated = entries.length > page.length
    const last = page.at(-1)?.name
    const { prefix, delimiter, maxKeys, encodingType, encode } = request
    const isAsked = query.get('fetch-owner') === 'true'
    const owners = isAsked ? ownersOf(named, proxy.metadata.credentials()) : undefined
    return xmlReply([
      'ListBucketResult',
      [
        ['Name', bucket],
        ['Prefix', encode(prefix)],
        ['StartAfter', startAfter === undefined ? undefined : encode(startAfter)],
        ['ContinuationToken', token],
        ['NextContinuationToken', isTruncated && last !== undefined ? tokenOf(last) : undefined],
        ['KeyCount', page.length],
        ['MaxKeys', maxKeys],
        ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
        ['EncodingType', encodingType],
        ['IsTruncated', isTruncated],
        ...entryNodes(page, request, owners),
      ],
    ])
  },
})
