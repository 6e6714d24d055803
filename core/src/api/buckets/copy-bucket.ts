import { type Bck, sameBck } from '../../bucket/bck.ts'
import { findBucket } from '../../bucket/bmd.ts'
import { isSystemBucket, parseBckUname } from '../../bucket/names.ts'
import { AisError } from '../../errors/ais-error.ts'
import { bareBucketOf } from '../../node/bucket-of.ts'
import { actionEndpoint } from '../../node/endpoint.ts'
import { textReply } from '../../node/replies.ts'
import { createBucketHere } from '../../proxy/create-bucket.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'
import { type ProxyNode, proxyBucket } from '../../proxy/proxy.ts'
import { startXaction } from '../../proxy/start-xaction.ts'
import { bckOfMessage } from '../../wire/bck-message.ts'
import { queryParam } from '../../wire/query-params.ts'
import { parseCopyBucket, parseCopyObjects } from '../../xaction/kinds/copy-message.ts'

/** The bucket to copy to is made when it is missing, with the properties of the one it is copied from. */
async function destination(
  proxy: ProxyNode,
  from: Bck,
  to: Bck,
  isTrial: boolean,
): Promise<Bck | undefined> {
  const props = await proxyBucket(proxy, from)
  if (sameBck(from, to)) return undefined
  if (findBucket(proxy.metadata.bmd(), to) !== undefined) return to
  if (isTrial) return undefined
  try {
    await createBucketHere(proxy, to, null, {}, props)
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof AisError) || error.code !== 'ErrBucketAlreadyExists') throw error
  }
  return to
}

function checkNotSystem(to: Bck): Bck {
  if (!isSystemBucket(to.name)) return to
  throw new AisError('ErrBadRequest', `bucket name "${to.name}" is reserved`)
}

/** POST `copy-bck?bck_to=`: a whole bucket, or what is under a prefix. Answers with the ID of the job. */
export const copyBucket = actionEndpoint({
  resource: 'buckets',
  method: 'POST',
  action: 'copy-bck',
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const from = bareBucketOf(api)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(api.action))
    const uname = api.target.query.get(queryParam.bucketTo)
    if (!uname) throw new AisError('ErrBadRequest', 'copy-bck: the destination is missing (bck_to)')
    const to = checkNotSystem(parseBckUname(uname))
    const message = parseCopyBucket(api.action.value)
    const keepsNames = message.prepend === '' && message.ext === undefined
    if (sameBck(from, to) && keepsNames && !message.dry_run) {
      throw new AisError('ErrBadRequest', `cannot copy bucket ${uname} onto itself (bck_to)`)
    }
    const made = await destination(proxy, from, to, message.dry_run)
    const args = api.action.value
    return textReply(await startXaction(proxy, { kind: 'copy-bck', bck: from, to: made, args }))
  },
})

/** POST `copy-listrange`: objects by list, range, or prefix. Answers with the ID of the job. */
export const copyObjects = actionEndpoint({
  resource: 'buckets',
  method: 'POST',
  action: 'copy-listrange',
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const from = bareBucketOf(api)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(api.action))
    const message = parseCopyObjects(api.action.value)
    const to = checkNotSystem(bckOfMessage(message.tobck))
    const made = await destination(proxy, from, to, message.dry_run)
    const args = api.action.value
    const kind = 'copy-listrange'
    return textReply(
      await startXaction(proxy, { kind, bck: from, to: made, args, idPrefix: 'tco-' }),
    )
  },
})
