import { type Bck, bckCname, sameBck } from '../../bucket/bck.ts'
import { findBucket } from '../../bucket/bmd.ts'
import { isSystemBucket, parseBckUname } from '../../bucket/names.ts'
import { renameBucket as renamed } from '../../cluster/plan-rename.ts'
import { rebalanceId } from '../../cluster/rmd.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { textReply } from '../../node/replies.ts'
import { beginTransaction } from '../../proxy/begin-transaction.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'
import { queryParam } from '../../wire/query-params.ts'

/** Only a bucket of this cluster has a name that is ours to change. */
function checkLocal(bck: Bck, field: string): void {
  if (bck.provider === 'ais' && bck.namespace.uuid === '') return
  throw new AisError(
    'ErrBadRequest',
    `cannot rename ${bckCname(bck)}: not an ais bucket (${field})`,
  )
}

/**
 * POST `move-bck?bck_to=`: the bucket has another name at once, and all its objects; the answer is the ID of the rebalance
 * that brings them to their new owners.
 */
export const renameBucket = actionEndpoint({
  resource: 'buckets',
  method: 'POST',
  action: 'move-bck',
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const from = bareBucketOf(api)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(api.action))
    const uname = api.target.query.get(queryParam.bucketTo)
    if (!uname) throw new AisError('ErrBadRequest', 'move-bck: the new name is missing (bck_to)')
    const to = parseBckUname(uname)
    checkLocal(from, 'bucket')
    checkLocal(to, queryParam.bucketTo)
    if (isSystemBucket(from.name) || isSystemBucket(to.name)) {
      throw new AisError('ErrBadRequest', `cannot rename ${bckCname(from)}: the name is reserved`)
    }
    if (sameBck(from, to)) {
      throw new AisError(
        'ErrBadRequest',
        `cannot rename bucket "${bckCname(from)}" to itself (bck_to)`,
      )
    }
    const now = proxy.metadata
    renamed({ smap: now.smap(), bmd: now.bmd(), rmd: now.rmd() }, from, to)
    const props = findBucket(now.bmd(), from)
    if (props) checkBucketAccess(from, props, 'MOVE-BUCKET')
    await beginTransaction(proxy, from, 'move-bck', props)
    const { rmd } = await proxy.primary.update((documents) => renamed(documents, from, to))
    return textReply(rebalanceId(rmd.version))
  },
})
