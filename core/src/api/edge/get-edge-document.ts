import type { EnrolledEdge } from '../../cluster/enrolled-edge.ts'
import type { SignedText } from '../../edge/edge-map.ts'
import type { SealedText } from '../../edge/sealed-text.ts'
import { sealedEdgeCredentials } from '../../edge/write-edge-credentials.ts'
import { signedEdgeMap } from '../../edge/write-edge-map.ts'
import { AisError } from '../../errors/ais-error.ts'
import { endpoint } from '../../node/endpoint.ts'
import { jsonReply } from '../../node/replies.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'

type Write = (proxy: ProxyNode, edge: EnrolledEdge) => SignedText | SealedText

const writers: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['map', signedEdgeMap],
  ['credentials', sealedEdgeCredentials],
])

/**
 * `/v1/edge/map/ID` and `/v1/edge/credentials/ID`: what the enrolled edge gateway ID may know of the cluster, signed, and
 * of who may do what in it, sealed. Anybody may ask: the first holds no secret, the second only the edge can read.
 */
export const getEdgeDocument = endpoint({
  resource: 'edge',
  method: 'GET',
  proxy(api, proxy) {
    const [kind = '', id = '', ...more] = api.items
    const write = writers.get(kind)
    if (write === undefined || more.length > 0) {
      throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
    }
    const edge = proxy.metadata.credentials().edges.get(id)
    if (edge === undefined) throw new AisError('ErrNotFound', `edge "${id}" does not exist`)
    return jsonReply(write(proxy, edge), [['Cache-Control', 'no-store']])
  },
})
