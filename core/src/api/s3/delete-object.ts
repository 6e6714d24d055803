import { isAisError } from '../../errors/ais-error.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { passesGovernance, withBypass } from '../../s3/lock/governance-bypass.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { statedVersion } from '../../s3/object/version-place.ts'
import { deleteCondition } from '../../s3/object/write-conditions.ts'
import { s3Operation } from '../../s3/operation.ts'
import { ensureVersion } from '../../target/rebalance/newest-version.ts'
import { removeObject, removeVersion } from '../../target/remove-object.ts'
import { isVersioned } from '../../target/version-rows.ts'

/** DELETE of an object: 204 whether or not it was there. */
export const deleteObject = s3Operation({
  name: 'DeleteObject',
  method: 'DELETE',
  on: 'object',
  takes: ['versionId'],
  access: 'DELETE-OBJECT',
  async proxy(s3, proxy) {
    return relayToOwner(await withBypass(s3, proxy), proxy, 'DELETE-OBJECT')
  },
  async target(s3, target) {
    const id = statedVersion(s3)
    const place = await s3Place(s3, target, 'DELETE-OBJECT')
    const check = deleteCondition(s3.call.headers)
    if (id !== undefined && (id !== 'null' || isVersioned(place))) {
      await ensureVersion(target, place, id)
      const gone = await removeVersion(target, place, id, check, passesGovernance(s3))
      const marker = gone === 'marker' ? ([['x-amz-delete-marker', 'true']] as const) : []
      return { status: 204, headers: [...marker, ['x-amz-version-id', id]] }
    }
    let marker: string | undefined
    try {
      marker = await removeObject(target, place, check, true)
    } catch (error) {
      if (!isAisError(error, 'ErrNotFound')) throw error
    }
    if (marker === undefined) return { status: 204, headers: [] }
    return {
      status: 204,
      headers: [
        ['x-amz-delete-marker', 'true'],
        ['x-amz-version-id', marker],
      ],
    }
  },
})
