import { endpoint } from '../../node/endpoint.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { readObject } from '../../target/read-object.ts'

/** GET of an object: 301 at the gateway; 200, 206 or 304 at the target. */
export const getObject = endpoint({
  resource: 'objects',
  method: 'GET',
  targetNetworks: ['public', 'control', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'GET', false),
  target(api, target) {
    const place = placeOf(api, target, 'GET', false)
    return place instanceof Promise
      ? place.then((settled) => readObject(target, settled, api.call))
      : readObject(target, place, api.call)
  },
})
