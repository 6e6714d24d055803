import type { ApiCall } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import type { Reply } from '../../ports/call.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { findArchiveQuery, mayBeArchiveCall } from '../../target/archive/archive-query.ts'
import { readArchived } from '../../target/archive/read-archived.ts'
import { placeOf } from '../../target/entry.ts'
import { readObject } from '../../target/read-object.ts'
import type { Place, TargetNode } from '../../target/target.ts'

/** GET of an object: 301 at the gateway; 200, 206 or 304 at the target. With `archpath` or `archregx`: of files in a shard. */
export const getObject = endpoint({
  resource: 'objects',
  method: 'GET',
  targetNetworks: ['public', 'control', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'GET', false),
  target(api, target) {
    const place = placeOf(api, target, 'GET', false)
    return place instanceof Promise
      ? place.then((settled) => read(api, target, settled))
      : read(api, target, place)
  },
})

function read(api: ApiCall, target: TargetNode, place: Place): Reply | Promise<Reply> {
  const { query } = api.target
  const archived = mayBeArchiveCall(query) ? findArchiveQuery(query, place.name) : undefined
  return archived === undefined
    ? readObject(target, place, api.call)
    : readArchived(target, place, api.call, archived)
}
