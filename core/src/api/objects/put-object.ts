import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { attributeHeaders } from '../../target/object-headers.ts'
import { writeObject } from '../../target/write-object.ts'

/** PUT of a whole object. No header lines come back when the content was there already (nothing changed). */
export const putObject = endpoint({
  resource: 'objects',
  method: 'PUT',
  targetNetworks: ['public', 'control', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'PUT', true),
  async target(api, target) {
    const place = await placeOf(api, target, 'PUT', true)
    // A copy from another target brings all of its metadata along, and is not mixed with what it replaces.
    const mode = api.target.query.bool('set-new-custom') ? 'replace' : 'merge'
    const written = await writeObject(target, place, api.call, mode)
    return emptyReply(200, written.unchanged ? [] : attributeHeaders(written.meta))
  },
})
