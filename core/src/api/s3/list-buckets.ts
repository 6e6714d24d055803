import { listBuckets as bucketsOf } from '../../bucket/bmd.ts'
import { isSystemBucket } from '../../bucket/names.ts'
import { claimsOn } from '../../cluster/permissions.ts'
import { isOpenToAll } from '../../s3/auth/authorize-call.ts'
import { anonymous } from '../../s3/auth/principal.ts'
import type { NamedBucket } from '../../s3/find-bucket.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ownerNode } from '../../s3/owner.ts'
import { pageLimit } from '../../s3/page-limit.ts'
import { isoTime, xmlReply } from '../../s3/s3-replies.ts'
import type { XmlNode } from '../../s3/xml-writer.ts'

const bucketsMax = 10_000

/**
 * The buckets of who calls, and those that the permissions open, in order of names; everything while the cluster is open to
 * all. Pages only when `max-buckets` asks for them, as Amazon.
 */
export const listBuckets = s3Operation({
  name: 'ListBuckets',
  method: 'GET',
  on: 'service',
  access: 'LIST-BUCKETS',
  async proxy(s3, proxy) {
    const { query } = s3
    const caller = s3.authorized?.principal ?? anonymous
    const isOpen = isOpenToAll(proxy)
    const clusterId = proxy.metadata.smap().uuid
    const isShown = ({ bck, props }: NamedBucket) => {
      if (isOpen || (caller.canonicalId !== '' && props.s3.owner === caller.canonicalId))
        return true
      const claims = claimsOn(caller.permissions, clusterId, 'LIST-OBJECTS', bck)
      return claims === 'all' || claims === 'allow'
    }
    const prefix = query.get('prefix') ?? ''
    const after = query.get('continuation-token') ?? ''
    const limit = query.has('max-buckets')
      ? pageLimit(query.get('max-buckets'), 'max-buckets', bucketsMax, 1)
      : bucketsMax
    // Names are ASCII: JavaScript's order is that of their bytes.
    const found = bucketsOf(proxy.metadata.bmd())
      .filter(({ bck }) => !isSystemBucket(bck.name))
      .filter(({ bck }) => bck.name.startsWith(prefix) && bck.name > after)
      .filter(isShown)
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
        ownerNode(caller.canonicalId, proxy.metadata.credentials()),
        ['Buckets', buckets],
        ['Prefix', prefix === '' ? undefined : prefix],
        ['ContinuationToken', more ? page.at(-1)?.bck.name : undefined],
      ],
    ])
  },
})
