import { isEdgeRead } from '../../edge/edge-read.ts'
import { relayToOwner } from '../../s3/gateway/relay-to-owner.ts'
import { headS3Object } from '../../s3/object/read-s3-object.ts'
import { versionPlace } from '../../s3/object/version-place.ts'
import { s3Operation } from '../../s3/operation.ts'

/** HEAD of an object: what GET would say, without the bytes. */
export const headObject = s3Operation({
  name: 'HeadObject',
  method: 'HEAD',
  on: 'object',
  takes: ['partNumber', 'versionId'],
  access: 'HEAD-OBJECT',
  proxy: (s3, proxy) => relayToOwner(s3, proxy, 'HEAD-OBJECT'),
  async target(s3, target) {
    const need = isEdgeRead(s3.call) ? 'GET' : 'HEAD-OBJECT'
    return headS3Object(target, await versionPlace(s3, target, need), s3)
  },
})
