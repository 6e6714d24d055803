import { objectUname } from '../bucket/bck.ts'
import { findBucket } from '../bucket/bmd.ts'
import type { BucketProps } from '../bucket/bucket-props.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import { type Access, checkBucketAccess } from '../node/access.ts'
import type { ApiCall } from '../node/api-call.ts'
import { objectOf } from '../node/bucket-of.ts'
import type { Reply } from '../ports/call.ts'
import { type ProxyNode, proxyBucket } from './proxy.ts'
import { redirectTo } from './redirect.ts'
import { canRepeatBody, relayTo } from './relay.ts'

/**
 * Checks what can be checked without the body, then sends the client to the object's owner; a PUT that could not
 * follow is relayed.
 */
export function redirectToOwner(
  api: ApiCall,
  proxy: ProxyNode,
  need: Access,
  forWrite: boolean,
): Reply | Promise<Reply> {
  const { bck, name } = objectOf(api, forWrite)
  const send = (props: BucketProps): Reply | Promise<Reply> => {
    checkBucketAccess(bck, props, need, name)
    const owner = hrwTarget(proxy.metadata.smap(), objectUname(bck, name))
    const relays = api.method === 'PUT' && !canRepeatBody(api.call)
    return relays ? relayTo(proxy, api, owner, props.bid) : redirectTo(proxy, api, owner, props.bid)
  }
  const known = findBucket(proxy.metadata.bmd(), bck)
  return known === undefined ? proxyBucket(proxy, bck).then(send) : send(known)
}
