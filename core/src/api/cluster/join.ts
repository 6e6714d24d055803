import { keepaliveAnswerToJson, parseKeepalive } from '../../cluster/control/control-wire.ts'
import { documentsToJson } from '../../cluster/control/documents.ts'
import { parseSnode } from '../../cluster/snode.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'
import { parseJsonBytes } from '../../wire/json.ts'
import { absorbCluster } from './absorb-cluster.ts'
import { admitNode } from './admit-node.ts'
import { keepalive } from './keepalive.ts'

const verbs: ReadonlySet<string> = new Set(['autoreg', 'keepalive', 'join-by-admin', 'absorb'])

/**
 * POST `/v1/cluster/autoreg`: a node joins; it gets all metadata back. POST `/v1/cluster/keepalive`: it says that it is
 * there, at these addresses, with that metadata; it gets back what it lacks. POST `/v1/cluster/join-by-admin`: an
 * administrator takes a node in. POST `/v1/cluster/absorb`: another cluster gives itself up for this one.
 */
export const joinCluster = endpoint({
  resource: 'cluster',
  method: 'POST',
  proxyNetworks: ['public', 'control'],
  always: true,
  async proxy(api, proxy) {
    const [verb] = api.items
    if (!verbs.has(verb ?? '')) {
      throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
    }
    if (verb === 'join-by-admin' && !proxy.ready()) throw new AisError('ErrNotReady', '')
    const bytes = await readBody(api.call, limits.jsonBytesMax)
    const json = parseJsonBytes(bytes)
    if (verb === 'keepalive') {
      return jsonReply(keepaliveAnswerToJson(await keepalive(api, proxy, parseKeepalive(json))))
    }
    if (verb === 'absorb') return absorbCluster(api, proxy, json)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, new TextDecoder().decode(bytes))
    if (verb === 'join-by-admin') return admitNode(api, proxy, json)
    await proxy.primary.join(parseSnode(json))
    return jsonReply(documentsToJson(proxy.control.state().committed))
  },
})
