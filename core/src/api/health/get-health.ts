import { hasLease } from '../../cluster/control/lead.ts'
import { isActive } from '../../cluster/snode.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import type { NodeContext } from '../../node/node-context.ts'
import { stateInfo, uptimeNs } from '../../node/node-info.ts'
import { emptyReply, jsonReply } from '../../node/replies.ts'
import { selfInMap } from '../../node/state-flags.ts'
import type { HeaderLine, Reply } from '../../ports/call.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'
import { header } from '../../wire/headers.ts'

function uptimeHeaders(node: NodeContext): HeaderLine[] {
  const uptime = String(uptimeNs(node))
  return [
    [header.clusterUptime, uptime],
    [header.nodeUptime, uptime],
  ]
}

/** A primary that most of the cluster does not hear is ready for nothing. */
function checkInTouch({ control, platform }: NodeContext): void {
  if (hasLease(control.state(), platform.clock.monotonic(), control.timing())) return
  throw new AisError('ErrNotReady', 'the primary is not in touch with most of the cluster')
}

/** What a starting gateway says to who asks whether the primary is ready; others hear nothing, as upstream. */
const notJoined = 'this gateway is not part of its cluster yet, or waits for targets'

function wants(api: ApiCall, name: string): boolean {
  return api.target.query.bool(name)
}

function info(api: ApiCall, node: NodeContext, isPrimary: boolean): Reply {
  if (wants(api, 'prr')) throw new AisError('ErrBadRequest', 'prr and cii exclude each other')
  if ((wants(api, 'apr') || wants(api, 'cii-apr')) && !isPrimary) {
    throw new AisError('ErrBadRequest', 'this node is not primary (apr)')
  }
  return jsonReply(stateInfo(node), uptimeHeaders(node))
}

/** GET health: liveness, `readiness`, `prr` (is the primary ready to rebalance), `cii` (state). */
export const getHealth = endpoint({
  resource: 'health',
  method: 'GET',
  proxyNetworks: ['public', 'control'],
  targetNetworks: ['public', 'control'],
  always: true,
  proxy(api, proxy) {
    if (!proxy.ready()) throw new AisError('ErrNotReady', wants(api, 'prr') ? notJoined : '')
    const isPrimary = proxy.isPrimary()
    if (wants(api, 'cii') || wants(api, 'cii-apr')) return info(api, proxy, isPrimary)
    if (wants(api, 'apr') && !isPrimary) {
      throw new AisError('ErrBadRequest', 'this node is not primary (apr)')
    }
    if (wants(api, 'prr')) {
      if (!isPrimary) return forwardToPrimary(api, proxy, undefined)
      checkInTouch(proxy)
    }
    return emptyReply(200, uptimeHeaders(proxy))
  },
  target(api, target) {
    if (!target.ready()) throw new AisError('ErrNotReady', '')
    if (wants(api, 'cii')) return info(api, target, false)
    if (wants(api, 'readiness') && !isActive(selfInMap(target)))
      throw new AisError('ErrNotReady', '')
    return emptyReply(200, uptimeHeaders(target))
  },
})
