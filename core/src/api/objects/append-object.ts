import { findNode } from '../../cluster/smap.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { objectOf } from '../../node/bucket-of.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { proxyBucket } from '../../proxy/proxy.ts'
import { redirectTo } from '../../proxy/redirect.ts'
import { appendObject, flushAppend, parseAppendHandle } from '../../target/append-object.ts'
import { placeOf } from '../../target/entry.ts'
import { header } from '../../wire/headers.ts'

/**
 * PUT with `append_type`: `append` adds the body and answers the handle for the next call, `flush` makes it the object.
 * A handle names the target that holds the work file.
 */
export const appendObjectEndpoint = endpoint({
  resource: 'objects',
  method: 'PUT',
  query: 'append_type',
  targetNetworks: ['public', 'data'],
  async proxy(api, proxy) {
    const handle = api.target.query.get('append_handle') ?? ''
    if (handle === '') return redirectToOwner(api, proxy, 'APPEND', true)
    const { bck, name } = objectOf(api, true)
    const props = await proxyBucket(proxy, bck)
    checkBucketAccess(bck, props, 'APPEND', name)
    const { targetId } = parseAppendHandle(handle)
    const owner = findNode(proxy.metadata.smap(), targetId)
    if (owner === undefined || owner.daemonType !== 'target') {
      throw new AisError('ErrNotFound', `target "${targetId}" does not exist (append_handle)`)
    }
    return redirectTo(proxy, api, owner, props.bid)
  },
  async target(api, target) {
    const place = await placeOf(api, target, 'APPEND', true)
    const { query } = api.target
    const handle = query.get('append_handle') ?? ''
    const type = query.get('append_type') ?? ''
    if (type === 'append') {
      const next = await appendObject(target, place, api.call, handle)
      return emptyReply(200, [[header.appendHandle, next]])
    }
    if (type !== 'flush') {
      throw new AisError('ErrBadRequest', `invalid append type "${type}" (append_type)`)
    }
    await flushAppend(target, place, api.call, handle)
    return emptyReply()
  },
})
