import {
  isRemovalAction,
  parseClusterRemoval,
  parseRemoval,
} from '../../cluster/removal-request.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { departureOf, stopOnly } from '../../node/lifecycle.ts'
import { emptyReply, textReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { actionText, forwardToPrimary } from '../../proxy/forward.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import type { ActionMsg } from '../../wire/action-msg.ts'

const membershipActions: readonly string[] = ['stop-maintenance', 'shutdown', 'decommission']

/** Whether `changeMembership` knows the action. */
export function changesMembership(action: string): boolean {
  return isRemovalAction(action) || membershipActions.includes(action)
}

/** The rebalance that was started, when one was. */
function rebalanceReply(id: string): Reply {
  return id === '' ? emptyReply() : textReply(id)
}

/** The whole cluster ends: the others first, this node once its answer is out. */
async function endCluster(proxy: ProxyNode, { action, value }: ActionMsg): Promise<Reply> {
  const request = parseClusterRemoval(value)
  await proxy.operations.orderAll(action, request)
  proxy.lifecycle.depart(action === 'shutdown' ? stopOnly(action) : departureOf(action, request))
  return emptyReply()
}

/**
 * PUT `/v1/cluster` of who is in service: `start-maintenance`, `stop-maintenance`, `shutdown-node`,
 * `decommission-node`, `rm-unsafe` with the nodes; `shutdown` and `decommission` of the cluster. At the primary.
 * @throws AisError as `NodeOperations`
 */
export async function changeMembership(
  api: ApiCall,
  proxy: ProxyNode,
  message: ActionMsg,
): Promise<Reply> {
  if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, actionText(message))
  const { action, value } = message
  if (action === 'shutdown' || action === 'decommission') return endCluster(proxy, message)
  const request = parseRemoval(value)
  if (action === 'stop-maintenance') {
    return rebalanceReply(await proxy.operations.bringBack(request))
  }
  if (isRemovalAction(action)) {
    return rebalanceReply(await proxy.operations.remove(action, request))
  }
  throw new AisError('ErrBadRequest', `invalid action "${action}" for the cluster (action)`)
}
