import { findCandidate } from '../../cluster/hand-over.ts'
import { findNode } from '../../cluster/smap.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { emptyReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { forceJoin } from './force-join.ts'

/**
 * PUT `/v1/cluster/proxy/ID`: that gateway leads from now on. Answers when the map that says so is in force.
 * With `frc` and the primary of another cluster, found at `can`: this cluster gives itself up for that one.
 * @throws AisError as `HandOver.to`, `forceJoin`
 */
export async function setPrimary(api: ApiCall, proxy: ProxyNode): Promise<Reply> {
  const id = api.items[1] ?? ''
  const smap = proxy.metadata.smap()
  if (findNode(smap, id) === undefined && api.target.query.bool('frc')) {
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, undefined)
    await forceJoin(proxy, id, api.target.query.get('can') ?? '')
    return emptyReply()
  }
  findCandidate(smap, id)
  if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, undefined)
  await proxy.handOver.to(id)
  return emptyReply()
}
