import { documentsToJson } from '../../cluster/control/cluster-state.ts'
import { keepaliveAnswerToJson, parseKeepalive } from '../../cluster/control/control-wire.ts'
import { findNode, primaryOf } from '../../cluster/smap.ts'
import { parseSnode } from '../../cluster/snode.ts'
import { refuseTwin } from '../../cluster/twin.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { type ApiCall, readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { type JsonValue, parseJsonBytes } from '../../wire/json.ts'
import { admitNode } from './admit-node.ts'

/** Query parameter of a keepalive that a gateway passed on: it goes no further. */
const passedOn = 'passed-on'

/** A node says that it is there; the primary answers with what it lacks. */
async function keepalive(api: ApiCall, proxy: ProxyNode, json: JsonValue): Promise<Reply> {
  const message = parseKeepalive(json)
  const { control, peers, primary } = proxy
  if (proxy.isPrimary()) return jsonReply(keepaliveAnswerToJson(await primary.keepalive(message)))
  const smap = proxy.metadata.smap()
  const known = findNode(smap, message.node.daemonId)
  if (known) await refuseTwin(peers, known, message.node, control.timing().intervalMs)
  peers.learn(message.node)
  const leader = primaryOf(smap)
  // The primary looks for its cluster at our address: now we know where it is.
  if (leader?.daemonId === message.node.daemonId) {
    return jsonReply(keepaliveAnswerToJson({ term: control.state().term, newer: undefined }))
  }
  if (leader === undefined || api.target.query.has(passedOn)) {
    throw new AisError('ErrNotReady', 'the primary is not known at this moment, please try again')
  }
  const answer = await peers.keepalive(
    peers.urlOf(leader),
    message,
    control.timing().intervalMs,
    passedOn,
  )
  return jsonReply(keepaliveAnswerToJson(answer))
}

/**
 * POST `/v1/cluster/autoreg`: a node joins; it gets all metadata back. POST `/v1/cluster/keepalive`: it says that it is
 * there, at these addresses, with that metadata; it gets back what it lacks. POST `/v1/cluster/join-by-admin`: an
 * administrator takes a node in.
 */
export const joinCluster = endpoint({
  resource: 'cluster',
  method: 'POST',
  proxyNetworks: ['public', 'control'],
  always: true,
  async proxy(api, proxy) {
    const [verb] = api.items
    if (verb !== 'autoreg' && verb !== 'keepalive' && verb !== 'join-by-admin') {
      throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
    }
    if (verb === 'join-by-admin' && !proxy.ready()) throw new AisError('ErrNotReady', '')
    const bytes = await readBody(api.call, limits.jsonBytesMax)
    const json = parseJsonBytes(bytes)
    if (verb === 'keepalive') return keepalive(api, proxy, json)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, new TextDecoder().decode(bytes))
    if (verb === 'join-by-admin') return admitNode(api, proxy, json)
    await proxy.primary.join(parseSnode(json))
    return jsonReply(documentsToJson(proxy.control.state().committed))
  },
})
