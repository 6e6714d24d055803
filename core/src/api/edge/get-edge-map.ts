import { signedEdgeMap } from '../../edge/write-edge-map.ts'
import { AisError } from '../../errors/ais-error.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'

/** `/v1/edge/map/ID`: what the enrolled edge gateway ID may know of the cluster, signed. It holds no secret. */
export const getEdgeMap = endpoint({
  resource: 'edge',
  method: 'GET',
  proxy(api, proxy) {
    const [kind, id = '', ...more] = api.items
    if (kind !== 'map' || more.length > 0) {
      throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
    }
    const edge = proxy.metadata.credentials().edges.get(id)
    if (edge === undefined) throw new AisError('ErrNotFound', `edge "${id}" does not exist`)
    return jsonReply(signedEdgeMap(proxy, edge), [['Cache-Control', 'no-store']])
  },
})
