import { isAisError } from '../../errors/ais-error.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { deleteCondition } from '../../s3/object/write-conditions.ts'
import { s3Operation } from '../../s3/operation.ts'
import { removeObject } from '../../target/remove-object.ts'

/** DELETE of an object: 204 whether or not it was there. */
export const deleteObject = s3Operation({
  name: 'DeleteObject',
  method: 'DELETE',
  on: 'object',
  access: 'DELETE-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'DELETE-OBJECT'),
  async target(s3, target) {
    const place = await s3Place(s3, target, 'DELETE-OBJECT')
    try {
      await removeObject(target, place, deleteCondition(s3.call.headers))
    } catch (error) {
      if (!isAisError(error, 'ErrNotFound')) throw error
    }
    return { status: 204, headers: [] }
  },
})
