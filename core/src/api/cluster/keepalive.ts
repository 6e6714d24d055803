import type { KeepaliveAnswer, KeepaliveMsg } from '../../cluster/control/control-wire.ts'
import { findNode, primaryOf } from '../../cluster/smap.ts'
import type { Snode } from '../../cluster/snode.ts'
import { refuseTwin } from '../../cluster/twin.ts'
import { AisError, isAisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'

/** Query parameter of a keepalive that a gateway passed on: it goes no further. */
const passedOn = 'passed-on'

/** Gateways that may lead, as far as is known here: those of the map, and those that were heard. */
function otherGateways({ peers, metadata, self }: ProxyNode, sender: string): readonly Snode[] {
  const known = new Map(metadata.smap().proxies)
  for (const node of peers.learned())
    if (node.daemonType === 'proxy') known.set(node.daemonId, node)
  known.delete(self().daemonId)
  known.delete(sender)
  return [...known.values()]
}

/** Passes `message` on to the primary of the map; where it does not lead, or is this gateway itself, to all others. */
async function passOn(proxy: ProxyNode, message: KeepaliveMsg): Promise<KeepaliveAnswer> {
  const { control, peers, metadata, self } = proxy
  const ask = (node: Snode) =>
    peers.keepalive(peers.urlOf(node), message, control.timing().intervalMs, passedOn)
  const leader = primaryOf(metadata.smap())
  let failure: unknown = new AisError('ErrNotReady', 'the primary is not known at this moment')
  if (leader && leader.daemonId !== self().daemonId) {
    try {
      return await ask(leader)
    } catch (error) {
      // Refused for what the node is: nobody else would take it.
      if (isAisError(error) && [400, 409].includes(error.status)) throw error
      failure = error
    }
  }
  const { daemonId } = message.node
  const others = otherGateways(proxy, daemonId).filter((node) => node.daemonId !== leader?.daemonId)
  return Promise.any(others.map(ask)).catch(() => Promise.reject(failure))
}

/**
 * A node says that it is there; the primary answers with what it lacks. Another gateway learns where the node is and
 * passes the message on.
 * @throws AisError as `Primary.keepalive`
 */
export async function keepalive(
  api: ApiCall,
  proxy: ProxyNode,
  message: KeepaliveMsg,
): Promise<KeepaliveAnswer> {
  const { control, peers } = proxy
  if (proxy.isPrimary() && control.state().leading) return proxy.primary.keepalive(message)
  const smap = proxy.metadata.smap()
  const known = findNode(smap, message.node.daemonId)
  if (known) await refuseTwin(peers, known, message.node, control.timing().intervalMs)
  peers.learn(message.node)
  // The primary looks for its cluster at our address: now we know where it is.
  if (smap.primaryId === message.node.daemonId) {
    return { term: control.state().term, fromPrimary: false, newer: undefined }
  }
  if (api.target.query.has(passedOn)) {
    throw new AisError('ErrNotReady', 'this gateway does not lead')
  }
  return passOn(proxy, message)
}
