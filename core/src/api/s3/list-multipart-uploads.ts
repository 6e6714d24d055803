import { z } from 'zod'
import { compareUtf8 } from '../../algorithms/utf8.ts'
import { activeTargets } from '../../cluster/smap.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { jsonReply } from '../../node/replies.ts'
import { directoryOf } from '../../object/virtual-directory.ts'
import { bucketByName, noSuchBucket } from '../../s3/find-bucket.ts'
import { namedBucket } from '../../s3/gateway/named-bucket.ts'
import { innerCall } from '../../s3/gateway/relay-to-owner.ts'
import { encodingOf } from '../../s3/list-request.ts'
import { ownerKey, pairOf } from '../../s3/object/stored-metadata.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownerNode } from '../../s3/owner.ts'
import { pageLimit } from '../../s3/page-limit.ts'
import { isoTime, xmlReply } from '../../s3/s3-replies.ts'
import type { XmlNode } from '../../s3/xml-writer.ts'

const uploadsPerPage = 1_000
const askTimeoutMs = 60_000

const uploadsSchema = z.array(
  z.object({
    name: z.string(),
    id: z.string(),
    createdNs: z.string(),
    owner: z.string().optional(),
  }),
)

type Upload = z.output<typeof uploadsSchema>[number]

/** In order of keys; uploads of one key in order of their IDs, which is that of the markers. */
function byKeyAndId(a: Upload, b: Upload): number {
  return compareUtf8(a.name, b.name) || compareUtf8(a.id, b.id)
}

function isBehind(upload: Upload, key: string, id: string): boolean {
  if (key === '') return true
  const order = compareUtf8(upload.name, key)
  return order > 0 || (order === 0 && id !== '' && compareUtf8(upload.id, id) > 0)
}

/** GET of a bucket with `uploads`: the uploads in progress on all targets. */
export const listMultipartUploads = s3Operation({
  name: 'ListMultipartUploads',
  method: 'GET',
  on: 'bucket',
  query: ['uploads'],
  access: 'LIST-OBJECTS',
  async proxy(s3, proxy) {
    const { query, bucket } = s3
    const { encodingType, encode } = encodingOf(query)
    const limit = pageLimit(query.get('max-uploads'), 'max-uploads', uploadsPerPage)
    const prefix = query.get('prefix') ?? ''
    const delimiter = query.get('delimiter') ?? ''
    const keyMarker = query.get('key-marker') ?? ''
    const idMarker = query.get('upload-id-marker') ?? ''
    const named = await namedBucket(proxy, bucket, 'LIST-OBJECTS')
    const inner = innerCall(s3, named, '')
    const parts = await Promise.all(
      activeTargets(proxy.metadata.smap()).map(async (target) => {
        const answer = await proxy.transport.call(target, 'data', inner, askTimeoutMs)
        const text = new TextDecoder().decode(await checkStatus(answer))
        const read = uploadsSchema.safeParse(JSON.parse(text))
        if (read.success) return read.data
        throw new AisError('ErrInternal', `target ${target.daemonId}: not a list of uploads`)
      }),
    )
    const prefixes = new Set<string>()
    const found = parts
      .flat()
      .filter((upload) => upload.name.startsWith(prefix) && isBehind(upload, keyMarker, idMarker))
      .sort(byKeyAndId)
    const single = found.filter(({ name }) => {
      const dir = delimiter === '' ? undefined : directoryOf(name, prefix, delimiter)
      if (dir !== undefined) prefixes.add(dir)
      return dir === undefined
    })
    const page = single.slice(0, limit)
    const last = page.at(-1)
    const isTruncated = single.length > page.length && last !== undefined
    const credentials = proxy.metadata.credentials()
    const uploads = page.map(
      ({ name, id, createdNs, owner = named.props.s3.owner }): XmlNode => [
        'Upload',
        [
          ['Key', encode(name)],
          ['UploadId', id],
          ownerNode(owner, credentials, 'Initiator'),
          ownerNode(owner, credentials),
          ['StorageClass', 'STANDARD'],
          ['Initiated', isoTime(BigInt(createdNs))],
        ],
      ],
    )
    return xmlReply([
      'ListMultipartUploadsResult',
      [
        ['Bucket', bucket],
        ['KeyMarker', encode(keyMarker)],
        ['UploadIdMarker', idMarker],
        ['NextKeyMarker', isTruncated ? encode(last.name) : undefined],
        ['NextUploadIdMarker', isTruncated ? last.id : undefined],
        ['Prefix', encode(prefix)],
        ['Delimiter', delimiter === '' ? undefined : encode(delimiter)],
        ['EncodingType', encodingType],
        ['MaxUploads', limit],
        ['IsTruncated', isTruncated],
        ...uploads,
        ...[...prefixes]
          .sort(compareUtf8)
          .map((dir): XmlNode => ['CommonPrefixes', [['Prefix', encode(dir)]]]),
      ],
    ])
  },
  async target({ bucket }, target) {
    const named = bucketByName(target.metadata.bmd(), bucket)
    if (named === undefined) throw noSuchBucket(bucket)
    const ref = { bck: named.bck, bid: named.props.bid }
    return jsonReply(
      target
        .mountpaths()
        .flatMap((mountpath) => mountpath.uploads(ref))
        .map(({ name, id, createdNs, custom }) => ({
          name,
          id,
          createdNs: String(createdNs),
          owner: pairOf(custom, ownerKey),
        })),
    )
  },
})
