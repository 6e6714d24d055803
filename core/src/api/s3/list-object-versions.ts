import type { ListEntry } from '../../object/list-entry.ts'
import { afterNull } from '../../object/version-filter.ts'
import {
  isMarker,
  isOrder,
  keyOf,
  parseVersionRow,
  pastOrder,
  pastVersions,
  versionIdOfRow,
} from '../../object/version-name.ts'
import { listKeys } from '../../s3/gateway/list-keys.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { contentNodes, isPrefix, prefixNodes } from '../../s3/list-document.ts'
import { listRequest } from '../../s3/list-request.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownersOf } from '../../s3/owner.ts'
import { S3Error } from '../../s3/s3-error.ts'
import { xmlReply } from '../../s3/s3-replies.ts'
import type { XmlNode } from '../../s3/xml-writer.ts'

/** Everything up to this version of this key was told; without an ID, all versions of the key. */
function afterMarkers(key: string, id: string): string {
  if (key === '') return ''
  if (id === '') return pastVersions(key)
  return isOrder(id) ? pastOrder(key, id) : afterNull(key)
}

/** Where the next page goes on. Of a `null` version its place in the order, since that finds it at once. */
function markersOf(last: ListEntry): { readonly key: string; readonly id: string | undefined } {
  if (isPrefix(last)) return { key: last.name, id: undefined }
  const kept = parseVersionRow(last.name)
  return { key: keyOf(last.name), id: kept?.order ?? 'null' }
}

/** GET of a bucket with `versions`: keys in their order, the versions of each from the newest on. */
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
    const idMarker = query.get('version-id-marker') ?? ''
    if (idMarker !== '' && keyMarker === '') {
      throw new S3Error('InvalidArgument', {
        message: 'A version-id marker cannot be specified without a key marker.',
        fields: [
          ['ArgumentName', 'version-id-marker'],
          ['ArgumentValue', idMarker],
        ],
      })
    }
    const limit = request.maxKeys === 0 ? 0 : request.maxKeys + 1
    const after = afterMarkers(keyMarker, idMarker)
    const entries = await listKeys(proxy, named, { ...request, after, limit, versions: true })
    const page = entries.slice(0, request.maxKeys)
    const last = page.at(-1)
    const isTruncated = entries.length > page.length && last !== undefined
    const { prefix, delimiter, maxKeys, encodingType, encode } = request
    const owner = ownersOf(named, proxy.metadata.credentials())
    let key = idMarker === '' ? undefined : keyMarker
    const versions: XmlNode[] = []
    for (const entry of page) {
      if (isPrefix(entry)) continue
      const kept = parseVersionRow(entry.name)
      const own = keyOf(entry.name)
      const isDeleted = kept !== undefined && isMarker(kept)
      const content = contentNodes(entry)
      versions.push([
        isDeleted ? 'DeleteMarker' : 'Version',
        [
          ['Key', encode(own)],
          ['VersionId', versionIdOfRow(entry.name)],
          ['IsLatest', own !== key],
          ...(isDeleted ? content.filter(([name]) => name === 'LastModified') : content),
          owner(entry),
        ],
      ])
      key = own
    }
    const next = isTruncated ? markersOf(last) : undefined
    return xmlReply([
      'ListVersionsResult',
      [
        ['Name', bucket],
        ['Prefix', encode(prefix)],
        ['KeyMarker', encode(keyMarker)],
        ['VersionIdMarker', idMarker],
        ['NextKeyMarker', next && encode(next.key)],
        ['NextVersionIdMarker', next?.id],
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
