import { isEdgeRead } from '../../edge/edge-read.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import type { Reply } from '../../ports/call.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { headObject } from '../../target/head-object.ts'
import { lookUpObject } from '../../target/look-up.ts'
import type { Place, TargetNode } from '../../target/target.ts'

/** HEAD of an object; `props` makes it selective (v2). */
export const headObjectEndpoint = endpoint({
  resource: 'objects',
  method: 'HEAD',
  targetNetworks: ['public', 'control', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'HEAD-OBJECT', false),
  target(api, target) {
    const need = isEdgeRead(api.call) ? 'GET' : 'HEAD-OBJECT'
    const place = placeOf(api, target, need, false)
    return place instanceof Promise
      ? place.then((settled) => headHere(api, target, settled))
      : headHere(api, target, place)
  },
})

function headHere(api: ApiCall, target: TargetNode, place: Place): Reply {
  if (isEdgeRead(api.call)) return lookUpObject(target, place, api.call)
  const { query } = api.target
  return headObject(target, place, api.call, {
    props: query.get('props') ?? '',
    presence: query.get('presence') ?? '',
  })
}
