import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { readS3Object } from '../../s3/object/read-s3-object.ts'
import { versionPlace } from '../../s3/object/version-place.ts'
import { s3Operation } from '../../s3/operation.ts'

/** GET of an object, of a range, or of one part. */
export const getObject = s3Operation({
  name: 'GetObject',
  method: 'GET',
  on: 'object',
  takes: ['partNumber', 'versionId'],
  access: 'GET',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'GET'),
  async target(s3, target) {
    return readS3Object(target, await versionPlace(s3, target, 'GET'), s3)
  },
})
