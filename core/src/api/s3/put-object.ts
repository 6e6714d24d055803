import { belongingsPairs } from '../../s3/access/written-object.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { withBelongings } from '../../s3/gateway/with-belongings.ts'
import { payloadOf } from '../../s3/inner-headers.ts'
import { expiryHeaders } from '../../s3/lifecycle/expiry.ts'
import { checkLockHeaders } from '../../s3/lock/governance-bypass.ts'
import { lockPairsOf } from '../../s3/lock/object-lock.ts'
import { statedDigests } from '../../s3/object/body-digests.ts'
import { checksumHeaders, identityHeaders } from '../../s3/object/read-s3-object.ts'
import { incomingOf } from '../../s3/object/receive-body.ts'
import { s3Place } from '../../s3/object/s3-place.ts'
import { storeObject } from '../../s3/object/store-object.ts'
import { metadataOf } from '../../s3/object/stored-metadata.ts'
import { writeConditions } from '../../s3/object/write-conditions.ts'
import { s3Operation } from '../../s3/operation.ts'
import { newVersionLines } from '../../target/versions.ts'

/** PUT of an object's whole content. */
export const putObject = s3Operation({
  name: 'PutObject',
  method: 'PUT',
  on: 'object',
  access: 'PUT',
  async proxy(s3, proxy) {
    await checkLockHeaders(s3, proxy)
    return relayToOwner(await withBelongings(s3, proxy), proxy, 'PUT')
  },
  async target(s3, target) {
    const place = await s3Place(s3, target, 'PUT')
    const { call, key } = s3
    const payload = payloadOf(s3)
    const meta = await storeObject(target, place, incomingOf(call, payload), {
      stated: statedDigests(call.headers, payload),
      metadata: [
        ...metadataOf(call.headers),
        ...belongingsPairs(call),
        ...lockPairsOf(call.headers, place.bucket.props, target.platform.clock.now()),
      ],
      check: writeConditions(call.headers, key),
    })
    const [etag] = identityHeaders(meta)
    return {
      status: 200,
      headers: [
        ...(etag ? [etag] : []),
        ...checksumHeaders(meta),
        ...newVersionLines(place, meta),
        ...expiryHeaders(place.bucket.props.s3.lifecycle, meta),
      ],
    }
  },
})
