import { endpoint } from '../../node/endpoint.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { needsFaithfulReply, redirectToFaithful } from '../../target/faithful.ts'
import { readObject } from '../../target/read-object.ts'
import { findObject } from '../../target/target.ts'

/** GET of an object: 301 at the gateway; 200, 206 or 304 at the target. */
export const getObject = endpoint({
  resource: 'objects',
  method: 'GET',
  targetNetworks: ['public', 'control', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'GET', false),
  async target(api, target) {
    const place = await placeOf(api, target, 'GET', false)
    if (api.call.lossy) {
      const meta = findObject(target, place)?.meta
      if (meta && needsFaithfulReply(meta)) return redirectToFaithful(target, api)
    }
    return readObject(target, place, api.call)
  },
})
