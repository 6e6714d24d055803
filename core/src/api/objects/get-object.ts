import type { ApiCall } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import type { Reply } from '../../ports/call.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { needsFaithfulReply, redirectToFaithful } from '../../target/faithful.ts'
import { readObject } from '../../target/read-object.ts'
import { findObject, type Place, type TargetNode } from '../../target/target.ts'

/** GET of an object: 301 at the gateway; 200, 206 or 304 at the target. */
export const getObject = endpoint({
  resource: 'objects',
  method: 'GET',
  targetNetworks: ['public', 'control', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'GET', false),
  target(api, target) {
    const place = placeOf(api, target, 'GET', false)
    return place instanceof Promise
      ? place.then((settled) => readHere(api, target, settled))
      : readHere(api, target, place)
  },
})

function readHere(api: ApiCall, target: TargetNode, place: Place): Reply | Promise<Reply> {
  if (api.call.lossy) {
    const meta = findObject(target, place)?.meta
    if (meta && needsFaithfulReply(meta)) return redirectToFaithful(target, api)
  }
  return readObject(target, place, api.call)
}
