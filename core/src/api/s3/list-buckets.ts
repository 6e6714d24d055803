import { listBuckets as bucketsOf } from '../../bucket/bmd.ts'
import { isSystemBucket } from '../../bucket/names.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownerNode } from '../../s3/owner.ts'
import { pageLimit } from '../../s3/page-limit.ts'
import { isoTime, xmlReply } from '../../s3/s3-replies.ts'
import type { XmlNode } from '../../s3/xml-writer.ts'

const bucketsMax = 10_000

/** Every bucket of the cluster, in order of names; pages only when `max-buckets` asks for them, as Amazon. */
export const listBuckets = s3Operation({
  name: 'ListBuckets',
  method: 'GET',
  on: 'service',
  access: 'LIST-BUCKETS',
  async proxy({ query }, proxy) {
    const prefix = query.get('prefix') ?? ''
    const after = query.get('continuation-token') ?? ''
    const limit = query.has('max-buckets')
      ? pageLimit(query.get('max-buckets'), 'max-buckets', bucketsMax, 1)
      : bucketsMax
    // Names are ASCII: JavaScript's order is that of their bytes.
    const found = bucketsOf(proxy.metadata.bmd())
      .filter(({ bck }) => !isSystemBucket(bck.name))
      .filter(({ bck }) => bck.name.startsWith(prefix) && bck.name > after)
      .sort((a, b) => (a.bck.name < b.bck.name ? -1 : 1))
    const page = found.slice(0, limit)
    const buckets = page.map(
      ({ bck, props }): XmlNode => [
        'Bucket',
        [
          ['Name', bck.name],
          ['CreationDate', isoTime(props.created)],
        ],
      ],
    )
    const more = found.length > page.length
    return xmlReply([
      'ListAllMyBucketsResult',
      [
        ownerNode(),
        ['Buckets', buckets],
        ['Prefix', prefix === '' ? undefined : prefix],
        ['ContinuationToken', more ? page.at(-1)?.bck.name : undefined],
      ],
    ])
  },
})
