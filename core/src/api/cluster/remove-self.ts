import { AisError } from '../../errors/ais-error.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'

/**
 * DELETE `/v1/cluster/daemon/ID` from that node: it leaves the map, at once and as it is. With `stopping`: it stops,
 * and leaves the map unless it is back before anybody looks.
 */
export const removeSelf = endpoint({
  resource: 'cluster',
  method: 'DELETE',
  proxyNetworks: ['control'],
  async proxy(api, proxy) {
    const [what, id = ''] = api.items
    if (what !== 'daemon' || id === '' || api.items.length !== 2) {
      throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
    }
    if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, undefined)
    if (api.target.query.bool('stopping')) await proxy.primary.farewell(id)
    else await proxy.operations.removeSelf(id)
    return emptyReply()
  },
})
