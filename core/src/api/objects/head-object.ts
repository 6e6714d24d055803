import { endpoint } from '../../node/endpoint.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { headObject } from '../../target/head-object.ts'

/** HEAD of an object; `props` makes it selective (v2). */
export const headObjectEndpoint = endpoint({
  resource: 'objects',
  method: 'HEAD',
  targetNetworks: ['public', 'control', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'HEAD-OBJECT', false),
  async target(api, target) {
    const place = await placeOf(api, target, 'HEAD-OBJECT', false)
    const { query } = api.target
    return headObject(target, place, api.call, {
      props: query.get('props') ?? '',
      presence: query.get('presence') ?? '',
    })
  },
})
