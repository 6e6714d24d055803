import { parseClusterRemoval } from '../../cluster/removal-request.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { departureOf, stopOnly } from '../../node/lifecycle.ts'
import type { NodeContext } from '../../node/node-context.ts'
import { emptyReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import type { ActionMsg } from '../../wire/action-msg.ts'

const actions: readonly string[] = [
  'rm-unsafe',
  'shutdown-node',
  'shutdown',
  'decommission-node',
  'decommission',
]

/** Whether `depart` knows the action. */
export function isDeparture(action: string): boolean {
  return actions.includes(action)
}

/**
 * The primary's orders to a node: stand aside, stop, or be forgotten. The node ends when the answer is out.
 * @throws AisError `ErrForbidden` when it is not the cluster that asks; `ErrNotFound` when another node is meant, that
 * lived at this address before
 */
export function depart(api: ApiCall, node: NodeContext, { action, name, value }: ActionMsg): Reply {
  if (api.call.network !== 'control') {
    throw new AisError('ErrForbidden', `"${action}" of a node is for the cluster to ask`)
  }
  const { daemonId } = node.self()
  if (name !== '' && name !== daemonId) {
    throw new AisError('ErrNotFound', `"${action}" is for node "${name}", this is "${daemonId}"`)
  }
  const { lifecycle } = node
  if (action === 'rm-unsafe') lifecycle.standAside()
  else if (action === 'shutdown' || action === 'shutdown-node') lifecycle.depart(stopOnly(action))
  else lifecycle.depart(departureOf(action, parseClusterRemoval(value)))
  return emptyReply()
}
