import { objectUname } from '../bucket/bck.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import { type Access, checkBucketAccess } from '../node/access.ts'
import type { ApiCall } from '../node/api-call.ts'
import { objectOf } from '../node/bucket-of.ts'
import type { Reply } from '../ports/call.ts'
import { type ProxyNode, proxyBucket } from './proxy.ts'
import { redirectTo } from './redirect.ts'

/** Checks what can be checked without the body, then sends the client to the object's owner. */
export async function redirectToOwner(
  api: ApiCall,
  proxy: ProxyNode,
  need: Access,
  forWrite: boolean,
): Promise<Reply> {
  const { bck, name } = objectOf(api, forWrite)
  const props = await proxyBucket(proxy, bck)
  checkBucketAccess(bck, props, need, name)
  const owner = hrwTarget(proxy.metadata.smap(), objectUname(bck, name))
  return redirectTo(proxy, api, owner)
}
