import { newerThan, parseKeepalive } from '../../cluster/keepalive.ts'
import { metasyncJson } from '../../cluster/metasync.ts'
import { parseSnode } from '../../cluster/snode.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'
import { parseJsonBytes } from '../../wire/json.ts'

/**
 * POST `/v1/cluster/autoreg`: a node joins; it gets all metadata back. POST `/v1/cluster/keepalive`: it says that it is
 * there, at these addresses, with that metadata; it gets back what it lacks.
 */
export const joinCluster = endpoint({
  resource: 'cluster',
  method: 'POST',
  proxyNetworks: ['public', 'control'],
  always: true,
  async proxy(api, proxy) {
    const [verb] = api.items
    if (verb !== 'autoreg' && verb !== 'keepalive') {
      throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
    }
    const bytes = await readBody(api.call, limits.jsonBytesMax)
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, new TextDecoder().decode(bytes))
    const json = parseJsonBytes(bytes)
    const { metadata, primary } = proxy
    if (verb === 'autoreg') {
      const smap = await primary.join(parseSnode(json))
      return jsonReply(metasyncJson({ smap, bmd: metadata.bmd(), config: metadata.config() }))
    }
    const message = parseKeepalive(json)
    const { uuid } = metadata.smap()
    if (message.uuid !== '' && message.uuid !== uuid) {
      throw new AisError(
        'ErrBadRequest',
        `cluster integrity error (cie#50): node ${message.node.daemonId} belongs to cluster ${message.uuid}, this is ${uuid}`,
      )
    }
    await primary.join(message.node)
    return jsonReply(metasyncJson(newerThan(metadata, message)))
  },
})
