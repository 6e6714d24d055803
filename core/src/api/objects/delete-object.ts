import { bckCname } from '../../bucket/bck.ts'
import { AisError } from '../../errors/ais-error.ts'
import { findAction } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply } from '../../node/replies.ts'
import { redirectToOwner } from '../../proxy/owner.ts'
import { placeOf } from '../../target/entry.ts'
import { abortUpload } from '../../target/multipart.ts'
import { removeObject } from '../../target/remove-object.ts'

/** DELETE of an object, or (action `mpt-abort`) of an upload. */
export const deleteObject = endpoint({
  resource: 'objects',
  method: 'DELETE',
  targetNetworks: ['public', 'control', 'data'],
  proxy: (api, proxy) => redirectToOwner(api, proxy, 'DELETE-OBJECT', false),
  async target(api, target) {
    const place = await placeOf(api, target, 'DELETE-OBJECT', false)
    const action = await findAction(api)
    if (action?.action === 'mpt-abort') {
      await abortUpload(target, place, api.target.query.get('uploadId') ?? '')
      return emptyReply()
    }
    if (action?.action === 'evict-listrange' && place.bucket.bck.provider === 'ais') {
      throw new AisError(
        'ErrBadRequest',
        `evict-listrange: expecting remote bucket (have ${bckCname(place.bucket.bck)})`,
      )
    }
    await removeObject(target, place)
    return emptyReply()
  },
})
